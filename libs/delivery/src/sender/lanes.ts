import type { Candidate, Place } from '../statements/claim-deliveries';

/** With n owners that want more than there is, each gets 3 / (3n + 1) of it, and 1 / (3n + 1) stays for who comes next. */
const SHARE = 3;

export interface LaneLimits {
  concurrency: number;
  perLane: number;
  /** Whether several owners share what there is: then none has more than three times of what is free. */
  manyOwners: boolean;
}

/**
 * How many of each lane and of each owner are being sent, so that a receiver that hangs holds up nobody else, and an
 * owner whose many receivers hang holds up no other owner.
 */
export class Lanes {
  private readonly lanes = new Counts();
  private readonly owners = new Counts();
  private total = 0;

  constructor(private readonly limits: LaneLimits) {}

  get free(): number {
    return this.limits.concurrency - this.total;
  }

  /** Of which no more may be sent now. */
  get full(): { lanes: string[]; owners: string[] } {
    return {
      lanes: this.lanes.where((count) => !this.hasLane(count)),
      owners: this.owners.where((count) => !this.hasShare(count, this.free)),
    };
  }

  /** Those of the candidates for which there is room now, in their order. */
  choose(candidates: readonly Candidate[]): Candidate[] {
    const lanes = new Counts();
    const owners = new Counts();
    let { free } = this;
    return candidates.filter(({ lane, owner }) => {
      const isFree = this.hasLane(this.lanes.of(lane) + lanes.of(lane));
      if (free === 0 || !isFree || !this.hasShare(this.owners.of(owner) + owners.of(owner), free)) return false;
      lanes.add(lane, 1);
      owners.add(owner, 1);
      free -= 1;
      return true;
    });
  }

  enter({ lane, owner }: Place): void {
    this.count(lane, owner, 1);
  }

  leave({ lane, owner }: Place): void {
    this.count(lane, owner, -1);
  }

  private count(lane: string, owner: string, more: 1 | -1): void {
    this.total += more;
    this.lanes.add(lane, more);
    this.owners.add(owner, more);
  }

  private hasLane(count: number): boolean {
    return count < this.limits.perLane;
  }

  private hasShare(count: number, free: number): boolean {
    return !this.limits.manyOwners || count < SHARE * free;
  }
}

class Counts {
  private readonly counts = new Map<string, number>();

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  add(name: string, more: 1 | -1): void {
    const count = this.of(name) + more;
    if (count === 0) this.counts.delete(name);
    else this.counts.set(name, count);
  }

  where(test: (count: number) => boolean): string[] {
    return [...this.counts].filter(([, count]) => test(count)).map(([name]) => name);
  }
}
