/**
 * Until when a lease is surely this worker's, by the monotonic clock. Its timer speaks by itself; but an event loop that
 * stood still runs much else before its timers, so whoever relies on the lease asks.
 */
export class LeaseGuard {
  private until = 0;
  private timer: NodeJS.Timeout | undefined;
  private fallen = true;

  /** `onFall` is called once for each fall, before anybody is told that the lease does not hold. */
  constructor(
    private readonly spanMs: number,
    private readonly onFall: (reason: string) => void,
  ) {}

  get holds(): boolean {
    if (!this.fallen && performance.now() >= this.until) this.fall('its lease could not be renewed in time');
    return !this.fallen;
  }

  /** The lease is good from the moment at which its renewal was sent, not from that at which the answer came. */
  renewed(sentAt: number): void {
    this.fallen = false;
    this.until = sentAt + this.spanMs;
    this.arm();
  }

  /** The lease is given up before its time. */
  fall(reason: string): void {
    if (this.fallen) return;
    this.release();
    this.onFall(reason);
  }

  /** The lease is given up in peace. */
  release(): void {
    clearTimeout(this.timer);
    this.fallen = true;
  }

  private arm(): void {
    clearTimeout(this.timer);
    // A timer may be a fraction of a millisecond early.
    const remainingMs = Math.max(this.until - performance.now(), 1);
    this.timer = setTimeout(() => void (this.holds && this.arm()), remainingMs);
  }
}
