import { setTimeout as delay } from 'node:timers/promises';

/** So long a run waits with its worker, in all of one call: to leave it and to come back costs about as much. */
const LONGEST_MS = 1_000;

/** What one call may wait for while it holds its worker. */
export class Patience {
  constructor(private leftMs = LONGEST_MS) {}

  /** Waits, and answers true; or answers false at once, where it takes too long. Rejects with the signal's reason. */
  async covers(ms: number, signal: AbortSignal): Promise<boolean> {
    if (ms > this.leftMs) return false;
    this.leftMs -= ms;
    await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
    return true;
  }
}
