import type { CounterName, GaugeName, HistogramName, LabelsOf } from './catalogue';

/** What a scraper is answered: Prometheus' text format. */
export interface Scrape {
  contentType: string;
  text: string;
}

/** Called before each scrape, to set gauges that nobody keeps. What it throws costs its own gauges and nothing else. */
export type Sampler = () => void | Promise<void>;

/**
 * The metrics of one gateway. Counting is a step in memory: it never waits, never throws, and is called after the
 * commit that it counts. Values of labels come from the configuration or from code, never from a request as it is; a
 * label that has had 500 values all the same shows every further one as `other`.
 */
export abstract class Metrics {
  /** False: nothing is kept, and whoever would only measure for this need not. */
  abstract readonly enabled: boolean;
  /** Not for `by` that is negative or no number: that counts nothing. */
  abstract add<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  abstract set<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, value: number): void;
  /** Up or down from where it was, which is 0 at first. */
  abstract change<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, by: number): void;
  /** Forgets the gauge's values of all labels. */
  abstract clear(name: GaugeName): void;
  abstract observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, value: number): void;
  abstract beforeScrape(sampler: Sampler): void;
  /** Null when metrics are off. */
  abstract scrape(): Promise<Scrape | null>;
}

/** Metrics that are off. */
class NoMetrics extends Metrics {
  readonly enabled = false;
  add(): void {}
  set(): void {}
  change(): void {}
  clear(): void {}
  observe(): void {}
  beforeScrape(): void {}
  scrape(): Promise<null> {
    return Promise.resolve(null);
  }
}

export const NO_METRICS: Metrics = new NoMetrics();
