import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { EXECUTIONS_OPTIONS, type ExecutionsOptions } from './executions-options';
import { countQueued } from './statements/due';

const SAMPLE_INTERVAL_MS = 1_000;
const RETRY_AFTER_S = 5;

/** Back-pressure: how many executions wait, sampled every second, and what this process accepted since. */
@Injectable()
export class QueueDepth implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(QueueDepth.name);
  private waiting = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    @Inject(EXECUTIONS_OPTIONS) private readonly options: ExecutionsOptions,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.sample();
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Counts one more in. Throws `queue_full` when as many wait as may. */
  admit(): void {
    if (this.waiting >= this.options.maxDepth) {
      throw new LonghaulError(
        'queue_full',
        `${this.options.maxDepth} executions are waiting already (queue.max_depth); try again in ${RETRY_AFTER_S} s`,
        { retryable: true, details: { retry_after_s: RETRY_AFTER_S } },
      );
    }
    this.waiting += 1;
  }

  private async sample(): Promise<void> {
    try {
      this.waiting = await countQueued(this.database, this.options.maxDepth);
    } catch (error) {
      this.logger.warn(`the queue's depth could not be read: ${String(error)}`);
    }
    this.timer = setTimeout(() => void this.sample(), SAMPLE_INTERVAL_MS);
  }
}
