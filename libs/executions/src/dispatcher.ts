import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { Batcher, faults, type Priority } from '@longhaul/kernel';
import { ExecutionQueue, HintBus, laneOf } from '@longhaul/queue';
import type { Execution } from './entities/execution.entity';
import { isTerminal } from './lifecycle/status';
import { ringAgain } from './statements/due';
import type { Ring } from './statements/ring';
import { nextTurns } from './statements/turns';

/** Rings that may wait for the broker at once. More are left to the sweep: memory stays flat while a broker is away. */
const MAX_IN_FLIGHT = 1_000;

/** Rings the doorbell after a commit: never awaited, never the reason for an error. What fails is rung by the sweep. */
@Injectable()
export class Dispatcher {
  private readonly logger = new Logger(Dispatcher.name);
  private inFlight = 0;
  private brokerIsAway = false;
  private readonly rings = new Batcher<Ring, void>((rings) => this.enqueue(rings), {
    maxItems: 200,
    parallel: 4,
  });
  private readonly ended = new Batcher<Execution, void>((ended) => this.letNextGo(ended), { maxItems: 200 });
  private readonly refused = new Batcher<string, void>((ids) => this.leaveToSweep(ids), { maxItems: 1_000 });

  constructor(
    private readonly queue: ExecutionQueue,
    private readonly hints: HintBus,
    private readonly database: Database,
  ) {}

  ring(execution: { id: string; jobId: string; queue: string; priority: Priority }): void {
    const { id: executionId, jobId, queue, priority } = execution;
    this.ringMany([{ executionId, jobId, queue, priority }]);
  }

  ringMany(rings: Ring[]): void {
    for (const ring of rings) {
      // Its row is due for a ring from the sweep some minutes from now; an idle worker finds it before that.
      if (this.inFlight >= MAX_IN_FLIGHT) return;
      this.inFlight += 1;
      this.rings
        .add(ring)
        .catch((error: unknown) => this.failed(ring, error))
        .finally(() => (this.inFlight -= 1));
    }
  }

  /**
   * An execution is over, and that is committed: rings for the turn of its conversation that waited for it, if any. One
   * that is submitted from now on sees the end by itself. A ring that is lost here is found by an idle worker.
   */
  ringNext(ended: Execution): void {
    if (ended.turn === null || !isTerminal(ended.status)) return;
    this.ended.add(ended).catch((error: unknown) => {
      this.logger.warn(`the turn after ${ended.id} was not rung, an idle worker finds it: ${String(error)}`);
    });
  }

  /** Takes a cancelled execution's ring back where the broker can. A ring that stays finds nothing to claim. */
  forget({ jobId, queue, priority }: { jobId: string; queue: string; priority: Priority }): void {
    this.queue.cancel(laneOf(queue, priority), jobId).catch(() => undefined);
  }

  private async enqueue(rings: Ring[]): Promise<void[]> {
    const entries = rings.map(({ executionId, jobId, queue, priority }) => ({
      lane: laneOf(queue, priority),
      job: { v: 1 as const, jobId, executionId },
    }));
    const [first] = entries;
    if (entries.length === 1 && first) await this.queue.enqueue(first.lane, first.job);
    else await this.queue.enqueueMany(entries);
    faults.at('api.rung');
    if (this.brokerIsAway) this.logger.log('the queue takes rings again');
    this.brokerIsAway = false;
    for (const lane of new Set(entries.map((entry) => entry.lane))) this.hints.publish({ kind: 'lane', lane });
    return rings.map(() => undefined);
  }

  private async letNextGo(ended: Execution[]): Promise<void[]> {
    this.ringMany(await nextTurns(this.database, ended));
    return ended.map(() => undefined);
  }

  private async failed(ring: Ring, error: unknown): Promise<void> {
    if (!this.brokerIsAway) this.logger.warn(`the queue takes no rings, sweeps will ring later: ${String(error)}`);
    this.brokerIsAway = true;
    await this.refused.add(ring.executionId).catch(() => undefined);
  }

  private async leaveToSweep(executionIds: string[]): Promise<void[]> {
    await ringAgain(this.database, executionIds);
    return executionIds.map(() => undefined);
  }
}
