import { type JsonObject, LonghaulError } from '@longhaul/kernel';
import type { Progress, Usage } from '../entities/execution.entity';
import type { ExecutionEventType } from '../events/event-types';
import type { EventWriter } from '../execution-context';
import type { AppendRequest } from '../statements/append-events';
import type { Fence } from '../statements/fence';
import type { ExecutionWrites } from './execution-writes';
import { RunAborted } from './run-aborted';
import type { UsageMeter } from './usage-meter';

/** The event log as one run sees it. Progress is merged: while one is being stored, only the latest waits. */
export class RunEventWriter implements EventWriter {
  private open = true;
  private readonly underWay = new Set<Promise<unknown>>();
  private nextProgress: Progress | undefined;
  private storingProgress = false;
  private heardAt = performance.now();

  constructor(
    private readonly fence: Fence,
    private readonly writes: ExecutionWrites,
    private readonly meter: UsageMeter,
    private readonly onFenced: () => void,
  ) {}

  /** Milliseconds since the run's last sign of life. What waits for the database is none of its silence. */
  get silenceMs(): number {
    return this.underWay.size > 0 ? 0 : performance.now() - this.heardAt;
  }

  heartbeat(): void {
    this.heardAt = performance.now();
  }

  append(type: ExecutionEventType, data: JsonObject, usage?: Usage): Promise<void> {
    return this.record({ type, data }, usage);
  }

  /** An event, and in the same transaction how a step stands. */
  record(fact: Pick<AppendRequest, 'type' | 'data' | 'step'>, usage?: Usage): Promise<void> {
    const spent = usage === undefined ? {} : { usage: this.meter.add(usage) };
    const stored = this.store({ fence: this.fence, ...fact, ...spent });
    // Who does not await it loses the event when it is refused, and not the process.
    stored.catch(() => undefined);
    return stored;
  }

  progress(progress: Progress): void {
    this.heartbeat();
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
    const stored = this.writes.events.add(request);
    this.underWay.add(stored);
    try {
      if (await stored) return;
    } catch (error) {
      // The attempt is lost, but by no fault of the agent's, and the record says so.
      throw new LonghaulError('unavailable', `an event could not be stored: ${String(error)}`, {
        retryable: !this.writes.isRefusal(error),
        cause: error,
      });
    } finally {
      this.underWay.delete(stored);
      this.heartbeat();
    }
    this.onFenced();
    throw new RunAborted('lease_lost');
  }
}
