import { Injectable, Logger } from '@nestjs/common';
import { assertNever } from '@longhaul/kernel';
import { HintBus, type JobControl, type JobOutcome, type QueueJob } from '@longhaul/queue';
import { Dispatcher } from '../dispatcher';
import type { Execution } from '../entities/execution.entity';
import { ExecutionKinds } from '../execution-kinds';
import type { Fence, RunEnding } from '../statements/end-run';
import type { ClaimOutcome, ClaimRequest } from '../statements/claim';
import { ActiveRuns } from './active-runs';
import { ExecutionWrites } from './execution-writes';
import { runExecution } from './run-execution';
import { WorkerLease } from './worker-lease';

const RETRY_MS = 500;

/** A job from its ring to the end of the run: claim, acknowledge, run, write the ending. The same for every backend. */
@Injectable()
export class ExecutionProcessor {
  private readonly logger = new Logger(ExecutionProcessor.name);

  constructor(
    private readonly writes: ExecutionWrites,
    private readonly lease: WorkerLease,
    private readonly runs: ActiveRuns,
    private readonly kinds: ExecutionKinds,
    private readonly hints: HintBus,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** Resolves when the run has ended; never rejects. `undecided`, and the ring not settled, when no claim was possible. */
  async process(job: QueueJob, control: JobControl): Promise<JobOutcome> {
    const workerId = this.lease.id;
    const { executionId } = job;
    const claim = await this.claim({ executionId, workerId, solo: control.solo });
    if (!claim || claim.kind === 'lease_ended') return 'undecided';
    await control.ack();
    switch (claim.kind) {
      case 'gone':
        return 'done';
      case 'solo_required':
        return 'solo_required';
      case 'claimed':
        await this.run(claim.execution, workerId);
        return 'done';
      default:
        return assertNever(claim);
    }
  }

  private async claim(request: ClaimRequest): Promise<ClaimOutcome | null> {
    try {
      return await this.writes.claims.add(request);
    } catch (error) {
      this.logger.warn(`${request.executionId} could not be claimed: ${String(error)}`);
      void this.giveBack(request);
      return null;
    }
  }

  /**
   * A claim whose commit went through although its answer was lost would lie under a living lease with nobody running
   * it. It goes back to the queue as soon as the database tells.
   */
  private async giveBack({ executionId, workerId }: ClaimRequest): Promise<void> {
    const fence = await this.insist(`the claim of ${executionId} could not be looked up`, () =>
      this.writes.fenceOf(executionId, workerId),
    );
    if (fence && !this.runs.has(executionId)) await this.end(fence, { kind: 'released' });
  }

  private async run(execution: Execution, workerId: string): Promise<void> {
    const { id: executionId, runId, epoch } = execution;
    const fence: Fence = { executionId, runId, workerId, epoch };
    const controller = this.runs.open(executionId);
    try {
      const ending = await runExecution({
        execution,
        fence,
        controller,
        kinds: this.kinds,
        log: this.writes.events,
      });
      if (ending) await this.end(fence, ending);
      else this.logger.warn(`run ${runId} of ${executionId} stopped: its lease was lost, another worker has it`);
    } finally {
      this.runs.close(executionId, controller);
    }
  }

  /** A result is not given up because the database is away: it is tried until it is written or refused. */
  private async end(fence: Fence, ending: RunEnding): Promise<void> {
    const execution = await this.insist(`the end of run ${fence.runId} could not be written`, () =>
      this.writes.endings.add({ fence, ending }),
    );
    if (!execution) {
      this.logger.warn(`the ${ending.kind} of run ${fence.runId} was refused: its lease was lost`);
      return;
    }
    this.hints.publish({ kind: 'execution', executionId: execution.id });
    // A retry is rung by the sweep when it is due; what was released is due now.
    if (execution.status === 'queued' && !execution.countsAttempt) this.dispatcher.ring(execution);
  }

  private async insist<T>(trouble: string, attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        this.logger.warn(`${trouble}, trying again: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
