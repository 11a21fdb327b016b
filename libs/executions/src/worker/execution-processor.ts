import { Injectable, Logger } from '@nestjs/common';
import { assertNever, type Failure, faults } from '@longhaul/kernel';
import type { JobControl, JobOutcome, QueueJob } from '@longhaul/queue';
import { Announcer } from '../announcer';
import { ExecutionCounters } from '../execution-counters';
import { ExecutionKinds } from '../execution-kinds';
import { currentTraceparent, failSpan, inSpan, type LogFields, withLogFields } from '@longhaul/telemetry';
import type { RunEnding } from '../statements/end-run';
import type { Fence } from '../statements/fence';
import type { ClaimOutcome, ClaimRequest } from '../statements/claim';
import { ActiveRuns } from './active-runs';
import { Children } from './children';
import { ExecutionWrites } from './execution-writes';
import { runExecution } from './run-execution';
import { WorkerLease } from './worker-lease';

const RETRY_MS = 500;
type Claimed = Extract<ClaimOutcome, { kind: 'claimed' }>;

/** A job from its ring to the end of the run: claim, acknowledge, run, write the ending. The same for every backend. */
@Injectable()
export class ExecutionProcessor {
  private readonly logger = new Logger(ExecutionProcessor.name);

  constructor(
    private readonly writes: ExecutionWrites,
    private readonly lease: WorkerLease,
    private readonly runs: ActiveRuns,
    private readonly kinds: ExecutionKinds,
    private readonly announcer: Announcer,
    private readonly counters: ExecutionCounters,
    private readonly children: Children,
  ) {}

  /** Resolves when the run has ended; never rejects. `undecided`, and the ring not settled, when no claim was possible. */
  process(job: QueueJob, control: JobControl): Promise<JobOutcome> {
    return this.runs.holding(job.executionId, () => this.claimAndRun(job, control));
  }

  private async claimAndRun({ executionId }: QueueJob, control: JobControl): Promise<JobOutcome> {
    const workerId = this.lease.id;
    if (!this.lease.covers(workerId)) return 'undecided';
    const claim = await this.claim({ executionId, workerId, solo: control.solo });
    if (!claim || claim.kind === 'lease_ended') return 'undecided';
    if (faults.off.has('early-ack')) return this.carryOut(claim, workerId).finally(() => this.acknowledge(control));
    this.acknowledge(control);
    return this.carryOut(claim, workerId);
  }

  /** Not awaited: the broker's answer decides nothing any more, and may take its time. */
  private acknowledge(control: JobControl): void {
    control.ack().catch((error: unknown) => this.logger.warn(`a ring was not acknowledged: ${String(error)}`));
  }

  private async carryOut(claim: Exclude<ClaimOutcome, { kind: 'lease_ended' }>, workerId: string): Promise<JobOutcome> {
    switch (claim.kind) {
      case 'gone':
      case 'gated':
        return 'done';
      case 'claimed':
        faults.at('worker.claimed');
        this.announcer.started(claim.execution);
        // While the claim was on its way the lease may have been given up: then it is a sweeper's.
        if (this.lease.covers(workerId)) await withLogFields(fieldsOf(claim), () => this.traced(claim, workerId));
        return 'done';
      default:
        return assertNever(claim);
    }
  }

  /** Null when the answer did not come. Should the claim have gone through all the same, `StrayRuns` finds it. */
  private async claim(request: ClaimRequest): Promise<ClaimOutcome | null> {
    try {
      return await this.writes.claims.add(request);
    } catch (error) {
      this.logger.warn(`${request.executionId} could not be claimed: ${String(error)}`);
      return null;
    }
  }

  /** The trace of the request goes on here, in another process and perhaps much later. */
  private traced(claim: Claimed, workerId: string): Promise<void> {
    const { execution } = claim;
    const { id, runId, target, attempt, conversationId, queue, traceparent: parent } = execution;
    const attributes = {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': target,
      'gen_ai.conversation.id': conversationId,
      'longhaul.execution_id': id,
      'longhaul.run_id': runId,
      'longhaul.attempt': attempt,
      'longhaul.queue': queue,
    };
    return inSpan(`invoke_agent ${target}`, { kind: 'consumer', parent, attributes }, async (span) => {
      // What the run calls belongs to its span, and no longer to that of the request.
      execution.traceparent = currentTraceparent() ?? parent;
      const ending = await this.run(claim, workerId);
      span.setAttribute('longhaul.outcome', ending?.kind ?? 'lost');
      if (ending && 'error' in ending) failSpan(span, new Error(ending.error.message));
    });
  }

  private async run({ execution, deadlineInMs }: Claimed, workerId: string): Promise<RunEnding | null> {
    const { id: executionId, runId, epoch } = execution;
    const fence: Fence = { executionId, runId, workerId, epoch };
    const controller = this.runs.open(executionId);
    const began = performance.now();
    try {
      const { kinds } = this;
      const { writes, children } = this;
      const ending = await runExecution({ execution, deadlineInMs, fence, controller, kinds, writes, children });
      faults.at('worker.ending');
      if (ending) await this.end(fence, ending);
      else this.logger.warn(`run ${runId} of ${executionId} stopped without a word: its execution goes to another`);
      return ending;
    } finally {
      this.runs.close(executionId, controller);
      this.counters.ran(execution, (performance.now() - began) / 1_000);
    }
  }

  /**
   * A result is not given up because the database is away: it is tried until it is written or refused by the fence.
   * One that the database will never take is replaced by an error that says so; should that be refused too, something
   * else is wrong, and may be mended meanwhile.
   */
  private async end(fence: Fence, given: RunEnding): Promise<void> {
    for (let ending = given; ;) {
      try {
        const execution = await this.writes.endings.add({ fence, ending });
        if (!execution)
          this.logger.warn(`the end of run ${fence.runId} was refused: written already, or its lease lost`);
        if (execution) this.announcer.stopped(execution);
        else this.announcer.mayHaveChanged(fence.executionId);
        return;
      } catch (error) {
        if (this.writes.isRefusal(error) && ending === given && ending.kind !== 'cancelled') {
          this.logger.error(`the ${ending.kind} of run ${fence.runId} cannot be stored: ${String(error)}`);
          ending = { kind: 'failed', error: unstorable(ending, error) };
          continue;
        }
        this.logger.warn(`the end of run ${fence.runId} could not be written, trying again: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

function fieldsOf({ execution }: Claimed): LogFields {
  const { id, runId, correlationId, traceparent } = execution;
  const traceId = traceparent?.split('-')[1];
  return {
    execution_id: id,
    run_id: runId,
    correlation_id: correlationId,
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  };
}

function unstorable({ kind }: RunEnding, error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal_error',
    message: `what the run ended with (${kind}) cannot be stored: ${reason}`,
    retryable: false,
  };
}
