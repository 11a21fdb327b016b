import type { Batcher, JsonObject } from '@longhaul/kernel';
import type { Progress } from '../entities/execution.entity';
import type { ExecutionEventType } from '../events/event-types';
import type { EventWriter } from '../execution-context';
import type { AppendRequest } from '../statements/append-events';
import type { Fence } from '../statements/end-run';
import { RunAborted } from './run-aborted';

/** The event log as one run sees it. Progress is merged: while one is being stored, only the latest waits. */
export class RunEventWriter implements EventWriter {
  private open = true;
  private readonly underWay = new Set<Promise<unknown>>();
  private nextProgress: Progress | undefined;
  private storingProgress = false;

  constructor(
    private readonly fence: Fence,
    private readonly log: Batcher<AppendRequest, boolean>,
    private readonly onFenced: () => void,
  ) {}

  append(type: ExecutionEventType, data: JsonObject): Promise<void> {
    return this.store({ fence: this.fence, type, data });
  }

  progress(progress: Progress): void {
    this.nextProgress = progress;
    if (!this.storingProgress) void this.storeProgress();
  }

  /** The handler has ended: resolves when what it said is stored. */
  async flush(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
  }

  /** The run is over, although its handler may still be at it: refuses what comes now, waits for what came before. */
  async close(): Promise<void> {
    this.open = false;
    await this.flush();
  }

  private async storeProgress(): Promise<void> {
    this.storingProgress = true;
    while (this.nextProgress && this.open) {
      const progress = this.nextProgress;
      this.nextProgress = undefined;
      const data = { percent: progress.percent, message: progress.message, step: progress.step };
      await this.store({ fence: this.fence, type: 'execution.progress', data, progress }).catch(() => undefined);
    }
    this.storingProgress = false;
  }

  private async store(request: AppendRequest): Promise<void> {
    if (!this.open) throw new RunAborted('lease_lost');
    const stored = this.log.add(request);
    this.underWay.add(stored);
    try {
      if (await stored) return;
    } finally {
      this.underWay.delete(stored);
    }
    this.onFenced();
    throw new RunAborted('lease_lost');
  }
}
