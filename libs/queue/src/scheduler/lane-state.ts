import { PRIORITIES, type Priority } from '@longhaul/kernel';
import { laneOf, PRIORITY_WEIGHTS } from '../lane';

const MAX_PROBES = 64;

/** What the scheduler knows of one lane: whether a look is worth it, and how many at once. */
export class LaneState {
  readonly name: string;
  readonly weight: number;
  /** Credit of the smooth weighted round robin. */
  credit = 0;
  /** Monotonic milliseconds before which the lane is taken for empty. */
  emptyUntil = 0;
  /** Looks under way. */
  probing = 0;
  /** The last look failed: the broker may be away, and the next one take as long as its time limit. */
  inTrouble = false;
  private probeLimit = 1;
  private hintCount = 0;

  constructor(
    readonly queue: string,
    priority: Priority,
  ) {
    this.name = laneOf(queue, priority);
    this.weight = PRIORITY_WEIGHTS[priority];
  }

  isWorthALook(now: number): boolean {
    return this.emptyUntil <= now && this.probing < this.probeLimit;
  }

  hinted(): void {
    this.hintCount += 1;
    this.emptyUntil = 0;
  }

  /** The hints so far: a look that came back empty proves nothing about what was hinted at meanwhile. */
  get hints(): number {
    return this.hintCount;
  }

  /** Twice as many looks at once while the lane keeps giving, so that a full lane fills all slots in a few turns. */
  gave(): void {
    this.inTrouble = false;
    this.probeLimit = Math.min(this.probeLimit * 2, MAX_PROBES);
  }

  wasEmpty(hintsBefore: number, until: number): void {
    this.inTrouble = false;
    this.probeLimit = 1;
    if (this.hintCount === hintsBefore) this.emptyUntil = until;
  }

  failed(until: number): void {
    this.inTrouble = true;
    this.probeLimit = 1;
    this.emptyUntil = until;
  }
}

export function lanesOf(queues: string[]): LaneState[] {
  return queues.flatMap((queue) => PRIORITIES.map((priority) => new LaneState(queue, priority)));
}

/**
 * Smooth weighted round robin (Nginx, upstream_round_robin, 2012): each turn every candidate earns its weight, the
 * richest is taken and pays for all. In ten turns high comes six times, default three, low once, well mixed.
 */
export function pickLane(candidates: LaneState[]): LaneState | undefined {
  let best: LaneState | undefined;
  let total = 0;
  for (const lane of candidates) {
    lane.credit += lane.weight;
    total += lane.weight;
    if (!best || lane.credit > best.credit) best = lane;
  }
  if (best) best.credit -= total;
  return best;
}
