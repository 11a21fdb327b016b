import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { EXECUTIONS_OPTIONS, type ExecutionsOptions } from './executions-options';
import { countQueued } from './statements/due';

const SAMPLE_INTERVAL_MS = 1_000;
const RETRY_AFTER_S = 5;

/** Back-pressure: how many executions wait, sampled every second, and what this process accepted since. */
@Injectable()
export class QueueDepth implements OnModuleDestroy {
  private readonly logger = new Logger(QueueDepth.name);
  private waiting = 0;
  /** Let in since the sample under way began: it may or may not have counted them. */
  private admitted = 0;
  private sampling = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    @Inject(EXECUTIONS_OPTIONS) private readonly options: ExecutionsOptions,
  ) {}

  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Counts one more in. Throws `queue_full` when as many wait as may. */
  admit(): void {
    if (!this.sampling) void this.sample();
    if (this.waiting >= this.options.maxDepth) {
      throw new LonghaulError(
        'queue_full',
        `${this.options.maxDepth} executions are waiting already (queue.max_depth); try again in ${RETRY_AFTER_S} s`,
        { retryable: true, details: { retry_after_s: RETRY_AFTER_S } },
      );
    }
    this.waiting += 1;
    this.admitted += 1;
  }

  /** From the first submission on: a process that accepts none samples for nothing. */
  private async sample(): Promise<void> {
    this.sampling = true;
    this.admitted = 0;
    try {
      const counted = await countQueued(this.database, this.options.maxDepth);
      this.waiting = Math.max(counted, this.admitted);
    } catch (error) {
      this.logger.warn(`the queue's depth could not be read: ${String(error)}`);
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.sample(), SAMPLE_INTERVAL_MS);
  }
}
