import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics, NO_METRICS } from './metrics/metrics';
import type { Traces, TracesOptions } from './traces/traces';

export interface TelemetryOptions {
  /** False: nothing is counted, and nothing loaded that would. */
  metrics: boolean;
  /** Absent: no spans, and no SDK. */
  traces?: TracesOptions | undefined;
}

const TRACES = Symbol('Traces');

/** What operators see of a gateway from outside. One for each gateway; every lib above may count and measure. */
@Global()
@Module({})
export class TelemetryModule implements OnApplicationShutdown {
  constructor(@Inject(TRACES) private readonly traces: Traces | null) {}

  static forRoot(options: TelemetryOptions): DynamicModule {
    return {
      module: TelemetryModule,
      providers: [
        { provide: Metrics, useFactory: () => makeMetrics(options) },
        { provide: TRACES, useFactory: () => makeTraces(options) },
      ],
      exports: [Metrics],
    };
  }

  /** When nothing is served and nothing runs any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.traces?.stop();
  }
}

function makeMetrics({ metrics }: TelemetryOptions): Metrics {
  if (!metrics) return NO_METRICS;
  const { PromMetrics } = require('./metrics/prom-metrics') as typeof import('./metrics/prom-metrics');
  return new PromMetrics();
}

function makeTraces({ traces }: TelemetryOptions): Traces | null {
  if (!traces) return null;
  const { startTraces } = require('./traces/start-traces') as typeof import('./traces/start-traces');
  return startTraces(traces);
}
