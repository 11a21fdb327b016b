import { Logger } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CATALOGUE, type CounterName, type GaugeName, type HistogramName, type LabelsOf } from './catalogue';
import { LabelLimits } from './label-limits';
import { Metrics, type Sampler, type Scrape } from './metrics';

/** A scraper waits ten seconds; what a sampler has not found by then is left out. */
const SAMPLE_LIMIT_MS = 3_000;

/** Metrics in a registry of their own. Loaded only when they are on: it brings prom-client. */
export class PromMetrics extends Metrics {
  readonly enabled = true;
  private readonly logger = new Logger('Metrics');
  private readonly registry = new Registry();
  private readonly limits = new LabelLimits();
  private readonly samplers: Sampler[] = [];
  private readonly counters = new Map<string, Counter>();
  private readonly gauges = new Map<string, Gauge>();
  private readonly histograms = new Map<string, Histogram>();

  constructor() {
    super();
    for (const [key, metric] of Object.entries(CATALOGUE)) {
      const { name, help, labels } = metric;
      const common = { name, help, labelNames: [...labels], registers: [this.registry] };
      if (metric.type === 'counter') this.counters.set(key, new Counter(common));
      else if (metric.type === 'gauge') this.gauges.set(key, new Gauge(common));
      else this.histograms.set(key, new Histogram({ ...common, buckets: [...metric.buckets] }));
    }
  }

  add<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by = 1): void {
    if (by >= 0) this.counters.get(name)?.inc(this.limits.within(labels), by);
  }

  set<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    if (Number.isFinite(value)) this.gauges.get(name)?.set(this.limits.within(labels), value);
  }

  change<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, by: number): void {
    if (Number.isFinite(by)) this.gauges.get(name)?.inc(this.limits.within(labels), by);
  }

  clear(name: GaugeName): void {
    this.gauges.get(name)?.reset();
  }

  observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    if (Number.isFinite(value)) this.histograms.get(name)?.observe(this.limits.within(labels), Math.max(value, 0));
  }

  beforeScrape(sampler: Sampler): void {
    this.samplers.push(sampler);
  }

  async scrape(): Promise<Scrape> {
    await Promise.all(this.samplers.map((sampler) => this.sample(sampler)));
    const parts = await Promise.all([this.registry.metrics(), ofThisProcess().metrics()]);
    return { contentType: this.registry.contentType, text: parts.join('\n') };
  }

  private async sample(sampler: Sampler): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const limit = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`it took longer than ${SAMPLE_LIMIT_MS} ms`)), SAMPLE_LIMIT_MS);
      });
      await Promise.race([sampler(), limit]);
    } catch (error) {
      this.logger.warn(`some metrics could not be sampled and are missing: ${String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

let processRegistry: Registry | undefined;

/**
 * Memory, CPU, handles, event-loop delay. They are the process's and not a gateway's, and the observers behind them
 * never end: so there is one registry of them, however many gateways a process has had.
 */
function ofThisProcess(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}
