import type { Candidate } from '../statements/claim-deliveries';

/** How many of each lane are being sent, so that a receiver that hangs holds up nobody else. */
export class Lanes {
  private readonly active = new Map<string, number>();
  private total = 0;

  constructor(private readonly limits: { concurrency: number; perLane: number }) {}

  get free(): number {
    return this.limits.concurrency - this.total;
  }

  get full(): string[] {
    return [...this.active].filter(([, count]) => count >= this.limits.perLane).map(([lane]) => lane);
  }

  /** Those of the candidates for which there is room now, in their order. */
  choose(candidates: readonly Candidate[]): Candidate[] {
    const chosen = new Map<string, number>();
    let { free } = this;
    return candidates.filter(({ lane }) => {
      const taken = (this.active.get(lane) ?? 0) + (chosen.get(lane) ?? 0);
      if (free === 0 || taken >= this.limits.perLane) return false;
      chosen.set(lane, (chosen.get(lane) ?? 0) + 1);
      free -= 1;
      return true;
    });
  }

  enter(lane: string): void {
    this.total += 1;
    this.active.set(lane, (this.active.get(lane) ?? 0) + 1);
  }

  leave(lane: string): void {
    this.total -= 1;
    const left = (this.active.get(lane) ?? 1) - 1;
    if (left === 0) this.active.delete(lane);
    else this.active.set(lane, left);
  }
}
