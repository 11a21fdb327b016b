import { Logger } from '@nestjs/common';
import type { ExecutionQueue } from '../execution-queue';
import type { HintBus } from '../hint-bus';
import type { QueueDelivery, QueueJob } from '../queue-job';
import type { JobControl, JobHandler, JobOutcome } from './job-handler';
import { lanesOf, type LaneState, pickLane } from './lane-state';
import type { LostRing, LostRings } from './lost-rings';
import { Slots } from './slots';

export interface LaneSchedulerOptions {
  /** The queues to serve, each with the most of its executions that may run here at once. */
  queues: ReadonlyMap<string, number>;
  /** Executions that may run here at once, over all queues. */
  slots: number;
  /** How many lost rings may be looked after at once; differs from `slots` only where those are without limit. */
  lostRingSlots: number;
  /** How long without work before lost rings are looked for. */
  idleMs?: number;
}

const EMPTY_RECHECK_MS = 1_000;
const TROUBLE_PAUSE_MS = 1_000;
/** Where one ring was lost there may be more: the next look is not a whole idle time away, nor a busy loop. */
const LOST_RING_PAUSE_MS = 20;
const DEFAULT_IDLE_MS = 5_000;

/**
 * Takes jobs from the lanes of a worker while it has slots free: high, default and low at 6:3:1, each queue within its
 * own limit. It never holds a message that it has no slot for, looks at an empty lane again upon a hint or after a
 * second, and looks for lost rings when nothing came for a while.
 */
export class LaneScheduler {
  private readonly logger = new Logger(LaneScheduler.name);
  private readonly lanes: LaneState[];
  private readonly slots: Slots;
  private readonly idleMs: number;
  private handler: JobHandler | undefined;
  private running = false;
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;
  /** Monotonic milliseconds; at once after the start, since whoever was here before may have left something. */
  private lookForLostAt = 0;
  private findingLost = false;
  private lostRunning = 0;
  /** Jobs that are being handled: slots in use but for those that only look into a lane. */
  private handling = 0;
  private soloRunning = false;
  private drained: (() => void)[] = [];

  constructor(
    private readonly queue: ExecutionQueue,
    private readonly hints: HintBus,
    private readonly lostRings: LostRings,
    private readonly options: LaneSchedulerOptions,
  ) {
    this.lanes = lanesOf([...options.queues.keys()]);
    this.slots = new Slots(options.slots, options.queues);
    this.idleMs = options.idleMs ?? DEFAULT_IDLE_MS;
  }

  /** Executions that run here now. */
  get active(): number {
    return this.slots.inUse;
  }

  /** Those of them that are more than a look into a lane. */
  get busy(): number {
    return this.handling;
  }

  start(handler: JobHandler): void {
    this.handler = handler;
    this.running = true;
    const byName = new Map(this.lanes.map((lane) => [lane.name, lane]));
    this.unsubscribe = this.hints.subscribe((hint) => {
      const lane = hint.kind === 'lane' ? byName.get(hint.lane) : undefined;
      if (!lane) return;
      lane.hinted();
      this.pump();
    });
    this.pump();
  }

  /** Takes nothing more from now on. What runs goes on; what a broker hands out too late goes back. */
  stop(): void {
    this.running = false;
    this.unsubscribe();
    clearTimeout(this.timer);
  }

  /** Resolves when nothing runs any more. */
  idle(): Promise<void> {
    if (this.slots.inUse === 0) return Promise.resolve();
    return new Promise((resolve) => this.drained.push(resolve));
  }

  private get isTaking(): boolean {
    return this.running && !this.soloRunning;
  }

  private pump(): void {
    if (!this.isTaking) return;
    for (;;) {
      const now = performance.now();
      const lane = pickLane(this.lanes.filter((l) => l.isWorthALook(now) && this.mayTake(l, now)));
      if (!lane) break;
      void this.take(lane);
    }
    this.arm();
  }

  /**
   * A lane whose last look failed has no slot before the lost rings, when these are due: a broker that swallows
   * everything would have each look last until its time limit, and a worker of few slots never come to anything else.
   */
  private mayTake(lane: LaneState, now: number): boolean {
    const lostFirst = this.findingLost || this.lookForLostAt <= now + LOST_RING_PAUSE_MS;
    return this.slots.isFree(lane.queue) && !(lane.inTrouble && lostFirst);
  }

  /** The next moment at which there may be something to do without a hint. */
  private arm(): void {
    clearTimeout(this.timer);
    if (this.slots.free <= 0) return;
    const now = performance.now();
    if (this.lookForLostAt <= now) {
      this.lookForLostAt = now + this.idleMs;
      void this.takeLostRings();
    }
    const looks = this.lanes
      .filter((lane) => lane.probing === 0 && this.mayTake(lane, now))
      .map((lane) => lane.emptyUntil);
    this.timer = setTimeout(() => this.pump(), Math.max(Math.min(this.lookForLostAt, ...looks) - now, 1));
  }

  private async take(lane: LaneState): Promise<void> {
    this.slots.take(lane.queue);
    lane.probing += 1;
    const hintsBefore = lane.hints;
    let delivery: QueueDelivery | null = null;
    try {
      delivery = await this.queue.dequeue(lane.name);
      if (!delivery) lane.wasEmpty(hintsBefore, performance.now() + EMPTY_RECHECK_MS);
    } catch (error) {
      this.logger.warn(`no job could be taken from ${lane.name}: ${String(error)}`);
      lane.failed(performance.now() + TROUBLE_PAUSE_MS);
    } finally {
      lane.probing -= 1;
    }
    if (delivery && this.isTaking) {
      lane.gave();
      this.pump();
      await this.runDelivery(lane, delivery);
    } else if (delivery) {
      await this.giveBack(delivery);
    }
    this.release(lane.queue);
  }

  private async runDelivery(lane: LaneState, delivery: QueueDelivery): Promise<void> {
    const ack = () => this.queue.ack(delivery);
    if ((await this.run(delivery.job, { ack, solo: false })) === 'done') return;
    lane.wasEmpty(lane.hints, performance.now() + TROUBLE_PAUSE_MS);
    await this.giveBack(delivery);
  }

  private async giveBack(delivery: QueueDelivery): Promise<void> {
    try {
      await this.queue.nack(delivery);
    } catch (error) {
      this.logger.warn(`${delivery.job.jobId} could not be given back to ${delivery.lane}: ${String(error)}`);
    }
  }

  private async run(job: QueueJob, control: JobControl): Promise<JobOutcome> {
    this.handling += 1;
    try {
      return (await this.handler?.(job, control)) ?? 'undecided';
    } catch (error) {
      this.logger.error(`the handler of ${job.executionId} must not throw, but did: ${String(error)}`);
      return 'undecided';
    } finally {
      this.handling -= 1;
      this.lookForLostAt = performance.now() + this.idleMs;
    }
  }

  private async takeLostRings(): Promise<void> {
    const queues = this.slots.queues.filter((queue) => this.slots.isFree(queue));
    const limit = Math.min(this.slots.free, this.options.lostRingSlots - this.lostRunning);
    if (this.findingLost || queues.length === 0 || limit <= 0) return;
    this.findingLost = true;
    try {
      for (const ring of await this.lostRings.find(queues, limit)) {
        if (!this.isTaking || !this.slots.isFree(ring.queue)) break;
        // One that must run alone waits until nothing else runs here, or in any other worker.
        if (!ring.solo || this.handling === 0) void this.runLost(ring);
      }
    } catch (error) {
      this.logger.warn(`lost rings could not be looked for: ${String(error)}`);
    } finally {
      this.findingLost = false;
      this.pump();
    }
  }

  private async runLost({ queue, job, solo }: LostRing): Promise<void> {
    this.slots.take(queue);
    this.soloRunning = solo;
    this.lostRunning += 1;
    const outcome = await this.run(job, { ack: () => Promise.resolve(), solo });
    this.lostRunning -= 1;
    if (solo) this.soloRunning = false;
    if (outcome === 'done') this.lookForLostAt = performance.now() + LOST_RING_PAUSE_MS;
    this.release(queue);
  }

  private release(queue: string): void {
    this.slots.release(queue);
    if (this.slots.inUse === 0) for (const resolve of this.drained.splice(0)) resolve();
    this.pump();
  }
}
