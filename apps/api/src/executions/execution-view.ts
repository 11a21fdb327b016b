import {
  type Execution,
  type Usage,
  type ExecutionEvent,
  forkFacts,
  isTerminal,
  type Run,
  type Step,
  type StepStatus,
  type WaitingFor,
} from '@longhaul/executions';

/** The wire form of everything that is read of an execution. What there is not is left out, never null. */

export type StatusDetail = 'retrying' | 'delayed' | 'cancelling' | 'waiting_quota';

export function executionView(execution: Execution) {
  const { output, error, usage, progress } = execution;
  const detail = statusDetail(execution);
  return {
    execution_id: execution.id,
    job_id: execution.jobId,
    run_id: execution.runId,
    agent: execution.target,
    status: execution.status,
    ...(detail === undefined ? {} : { status_detail: detail }),
    created_at: iso(execution.createdAt),
    ...(execution.startedAt === null ? {} : { started_at: iso(execution.startedAt) }),
    ...(execution.completedAt === null ? {} : { completed_at: iso(execution.completedAt) }),
    ...(execution.deadlineAt === null ? {} : { deadline_at: iso(execution.deadlineAt) }),
    ...(output === null ? {} : { output }),
    ...(error === null ? {} : { error }),
    ...(progress === null
      ? {}
      : {
          progress: {
            percent: progress.percent,
            ...(progress.message === null ? {} : { message: progress.message }),
            ...(progress.step === null ? {} : { step: progress.step }),
          },
        }),
    attempt: execution.attempt,
    max_attempts: execution.maxAttempts,
    ...(isDueLater(execution) ? { next_attempt_at: iso(execution.dueAt) } : {}),
    ...(execution.status !== 'waiting' ? {} : { waiting_for: execution.waitingFor ?? [] }),
    ...(usage === null ? {} : { usage: usageView(usage) }),
    conversation_id: execution.conversationId,
    correlation_id: execution.correlationId,
    metadata: execution.metadata,
    tags: execution.tags,
    ...(execution.retryOf === null ? {} : { retry_of: execution.retryOf }),
    ...(execution.fork === null ? {} : { forked_from: execution.fork.execution_id, fork: forkFacts(execution.fork) }),
    ...(execution.parentId === null ? {} : { parent_id: execution.parentId }),
  };
}

/** The body of 202. `base` is what stands before `/v1`. */
export function acceptedView(execution: Execution, base: string) {
  const url = `${base}/v1/executions/${execution.id}`;
  return {
    execution_id: execution.id,
    job_id: execution.jobId,
    run_id: execution.runId,
    conversation_id: execution.conversationId,
    correlation_id: execution.correlationId,
    agent: execution.target,
    status: execution.status,
    poll_url: url,
    stream_url: `${url}/events`,
    cancel_url: `${url}/cancel`,
  };
}

export function eventView(event: ExecutionEvent) {
  return {
    seq: event.seq,
    type: event.type,
    at: iso(event.at),
    execution_id: event.executionId,
    ...(event.runId === null ? {} : { run_id: event.runId }),
    data: event.data,
  };
}

export function runView(run: Run) {
  return {
    run_id: run.id,
    execution_id: run.executionId,
    attempt: run.attempt,
    worker_id: run.workerId,
    started_at: iso(run.startedAt),
    ...(run.endedAt === null ? {} : { ended_at: iso(run.endedAt) }),
    ...(run.outcome === null ? {} : { outcome: run.outcome }),
    ...(run.error === null ? {} : { error: run.error }),
    ...(run.usage === null ? {} : { usage: usageView(run.usage) }),
  };
}

/** `result` is there where it was read. */
export function stepView(step: Step, execution: Execution) {
  const { error, result } = step;
  return {
    step_id: step.id,
    execution_id: step.executionId,
    key: step.key,
    effects: step.effects,
    status: stepStatus(step, execution),
    attempt: step.attempt,
    run_id: step.runId,
    started_at: iso(step.startedAt),
    ...(step.endedAt === null ? {} : { completed_at: iso(step.endedAt) }),
    ...(step.status !== 'completed' || result === undefined ? {} : { result }),
    ...(error === null ? {} : { error }),
  };
}

/** A step whose run is over without having ended it was cut: nobody writes that down, and everybody can see it. */
function stepStatus(step: Step, { status, epoch }: Execution): StepStatus {
  const isCut = step.status === 'started' && (status !== 'running' || step.epoch !== epoch);
  return isCut ? 'interrupted' : step.status;
}

/** A cost that nobody knows is absent. */
function usageView({ cost_usd, ...tokens }: Usage) {
  return cost_usd === null ? tokens : { ...tokens, cost_usd };
}

const POLL_S = 2;
const LONGEST_POLL_S = 60;

/** Seconds until another look is worth its while; undefined when there will be nothing new. */
export function retryAfterS(execution: Execution): number | undefined {
  if (isTerminal(execution.status)) return undefined;
  if (!isDueLater(execution)) return POLL_S;
  return Math.min(LONGEST_POLL_S, Math.max(POLL_S, Math.ceil((execution.dueAt - Date.now()) / 1_000)));
}

function statusDetail(execution: Execution): StatusDetail | undefined {
  const { status, attempt, countsAttempt, cancelRequestedAt, waitingFor } = execution;
  if (status === 'running') return cancelRequestedAt === null ? undefined : 'cancelling';
  if (status === 'waiting') return (waitingFor ?? []).every(isQuota) ? 'waiting_quota' : undefined;
  if (status !== 'queued') return undefined;
  if (attempt > 0) return countsAttempt || isDueLater(execution) ? 'retrying' : undefined;
  return isDueLater(execution) ? 'delayed' : undefined;
}

const isQuota = ({ kind, name }: WaitingFor) => kind === 'timer' && name === 'quota';

/** By this process's clock, though due times are the database's: only shown, nothing is decided by it. */
function isDueLater({ status, dueAt }: Execution): boolean {
  return status === 'queued' && dueAt > Date.now();
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
