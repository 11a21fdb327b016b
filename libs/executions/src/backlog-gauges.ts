import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { Metrics } from '@longhaul/telemetry';
import { backlogs, countOpenDeadLetters } from './statements/backlog';

/** Far more than what an alert speaks of, and a few milliseconds of an index. */
const COUNTED = 10_000;
/** However many scrape, and however often, the database is asked no more than this. */
const KEPT_MS = 1_000;

/**
 * Looks into the database when somebody scrapes. Every process shows the same numbers, which are the gateway's and not
 * its own: where there are several, take the maximum and not the sum.
 */
@Injectable()
export class BacklogGauges implements OnModuleInit {
  private sampled: { at: number; done: Promise<void> } | undefined;
  private readonly queues = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.beforeScrape(() => {
      if (!this.sampled || performance.now() - this.sampled.at > KEPT_MS) {
        this.sampled = { at: performance.now(), done: this.sample() };
      }
      return this.sampled.done;
    });
  }

  private async sample(): Promise<void> {
    // A number that could not be read is missing: an old one would pass for the present.
    for (const name of ['queueDepth', 'queueOldest', 'deadLettersOpen'] as const) this.metrics.clear(name);
    const [found, open] = await Promise.all([
      backlogs(this.database, COUNTED),
      countOpenDeadLetters(this.database, COUNTED),
    ]);
    this.metrics.set('deadLettersOpen', {}, open);
    for (const { queue } of found) this.queues.add(queue);
    for (const queue of this.queues) {
      const backlog = found.find((one) => one.queue === queue);
      this.metrics.set('queueDepth', { queue }, backlog?.waiting ?? 0);
      this.metrics.set('queueOldest', { queue }, (backlog?.oldestMs ?? 0) / 1_000);
    }
  }
}
