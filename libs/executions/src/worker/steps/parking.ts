import { setTimeout as delay } from 'node:timers/promises';
import type { WaitingFor } from '../../entities/execution.entity';

/** So long a run that only waits is left alone: a handler may have something to do between two steps. */
const PARK_AFTER_MS = 20;

/** Finds out when a run has nothing to do but wait. */
export class Parking {
  private readonly waiting = new Map<string, WaitingFor>();
  private begun = 0;

  constructor(
    private readonly run: {
      signal: AbortSignal;
      /** A step is at work. */
      isBusy(): boolean;
      /** Resolves when what the run has said is stored. */
      flush(): Promise<void>;
      park(waitingFor: WaitingFor[]): void;
    },
  ) {}

  /** A step is begun. */
  stepBegun(): void {
    this.begun += 1;
  }

  /** Never resolves: what comes of it is for another run to hear. Rejects when this one is told to stop. */
  hang(waitingFor: WaitingFor): Promise<never> {
    const { signal } = this.run;
    this.waiting.set(waitingFor.step, waitingFor);
    this.look();
    return new Promise((_, reject) => {
      const stop = () => reject(signal.reason as Error);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** A step has ended, or has begun to wait. */
  look(): void {
    if (this.waiting.size > 0 && !this.run.isBusy()) void this.parkIfIdle();
  }

  private async parkIfIdle(): Promise<void> {
    const seen = this.begun;
    await delay(PARK_AFTER_MS, undefined, { ref: false });
    await this.run.flush();
    if (this.begun !== seen || this.run.isBusy() || this.run.signal.aborted) return;
    this.run.park([...this.waiting.values()]);
  }
}
