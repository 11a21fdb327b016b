import type { Failure, JsonObject, JsonValue, Priority } from '@longhaul/kernel';
import type { Execution, Progress, Usage } from '../entities/execution.entity';
import { type ForkFacts, forkFacts } from '../fork-facts';
import type { ExecutionStatus } from '../lifecycle/status';

/** An execution as code sees it: the record of the API in camelCase, with moments as `Date`. */
export interface ExecutionRecord {
  readonly id: string;
  readonly jobId: string;
  readonly runId: string;
  readonly agent: string;
  /** Whose it is: `local` without API keys. */
  readonly owner: string;
  readonly status: ExecutionStatus;
  readonly input: JsonValue;
  /** Null until it has completed. */
  readonly output: JsonValue;
  /** Of a failed execution, or of its last attempt while another is to come. */
  readonly error: Failure | null;
  readonly progress: Progress | null;
  readonly usage: Usage | null;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly queue: string;
  readonly priority: Priority;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  /** When it fails if it is not over. */
  readonly deadlineAt: Date | null;
  readonly conversationId: string;
  readonly correlationId: string;
  /** W3C Trace Context of the request, to be passed on. */
  readonly traceparent: string | null;
  readonly metadata: JsonObject;
  readonly tags: readonly string[];
  /** The failed execution that this one tries anew. */
  readonly retryOf: string | null;
  /** The execution that this one was forked from, and what is different. */
  readonly forkedFrom: string | null;
  readonly fork: ForkFacts | null;
  /** The execution whose step asked for this one. */
  readonly parentId: string | null;
}

export function toExecutionRecord(execution: Execution): ExecutionRecord {
  return {
    id: execution.id,
    jobId: execution.jobId,
    runId: execution.runId,
    agent: execution.target,
    owner: execution.owner,
    status: execution.status,
    input: execution.input,
    output: execution.output,
    error: execution.error,
    progress: execution.progress,
    usage: execution.usage,
    attempt: execution.attempt,
    maxAttempts: execution.maxAttempts,
    queue: execution.queue,
    priority: execution.priority,
    createdAt: new Date(execution.createdAt),
    startedAt: toDate(execution.startedAt),
    completedAt: toDate(execution.completedAt),
    deadlineAt: toDate(execution.deadlineAt),
    conversationId: execution.conversationId,
    correlationId: execution.correlationId,
    traceparent: execution.traceparent,
    metadata: execution.metadata,
    tags: execution.tags,
    retryOf: execution.retryOf,
    forkedFrom: execution.fork?.execution_id ?? null,
    fork: execution.fork && forkFacts(execution.fork),
    parentId: execution.parentId,
  };
}

function toDate(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}
