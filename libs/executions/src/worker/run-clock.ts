import type { AbortReason } from './run-aborted';
import type { RunLimits } from './run-limits';

/** Keeps the limits of one run from its start on: says so when one is reached. By this process's monotonic clock. */
export class RunClock {
  private readonly startedAt = performance.now();
  private readonly timers = new Set<NodeJS.Timeout>();
  private idle: NodeJS.Timeout | undefined;

  /** `silenceMs`: how long nothing has been heard of the run. */
  constructor(
    private readonly limits: RunLimits,
    private readonly silenceMs: () => number,
    private readonly onLimit: (reason: AbortReason) => void,
  ) {
    const { timeoutMs, softTimeoutMs, idleTimeoutMs, deadlineInMs } = limits;
    const end = Math.min(timeoutMs, deadlineInMs);
    this.after(end, deadlineInMs < timeoutMs ? 'deadline' : 'timeout');
    // What comes no sooner than the end never comes.
    if (softTimeoutMs < end) this.after(softTimeoutMs, 'soft_timeout');
    if (idleTimeoutMs < end) this.watch(idleTimeoutMs);
  }

  /** Milliseconds from now to the first limit that ends the run. */
  get leftMs(): number {
    return Math.min(this.limits.timeoutMs, this.limits.deadlineInMs) - this.elapsedMs;
  }

  /** Milliseconds from now to the execution's deadline; Infinity: it has none. */
  get toDeadlineMs(): number {
    return this.limits.deadlineInMs - this.elapsedMs;
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    clearTimeout(this.idle);
  }

  private get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  private after(ms: number, reason: AbortReason): void {
    this.timers.add(setTimeout(() => this.onLimit(reason), ms));
  }

  /** One timer, whatever is heard meanwhile: when it fires, it asks how long the silence is. */
  private watch(ms: number): void {
    this.idle = setTimeout(() => {
      const left = this.limits.idleTimeoutMs - this.silenceMs();
      if (left <= 0) this.onLimit('idle_timeout');
      else this.watch(left);
    }, ms);
  }
}
