import type { Row } from '@longhaul/database';
import type { Execution } from '../entities/execution.entity';

const json = <T>(value: unknown): T => (value === null ? null : JSON.parse(value as string)) as T;
export const toNumber = (value: unknown): number | null => (value === null ? null : Number(value));

/**
 * `executions.status` in a statement that is given its ids. As an expression it fits none of the partial indexes, which
 * would otherwise be walked (all that waits, all that runs) instead of looking up the ids.
 */
export const STATUS_BY_ID = `(executions.status || '')`;

/** A row of `RETURNING *`, from either driver, as the entity. */
export function toExecution(row: Row): Execution {
  return {
    id: row.id as string,
    kind: row.kind as string,
    target: row.target as string,
    owner: row.owner as string,
    queue: row.queue as string,
    priority: row.priority as Execution['priority'],
    status: row.status as Execution['status'],
    jobId: row.job_id as string,
    runId: row.run_id as string,
    epoch: Number(row.epoch),
    workerId: row.worker_id as string | null,
    attempt: Number(row.attempt),
    maxAttempts: Number(row.max_attempts),
    countsAttempt: Boolean(row.counts_attempt),
    interruptions: Number(row.interruptions),
    createdAt: Number(row.created_at),
    dueAt: Number(row.due_at),
    ringAfter: Number(row.ring_after),
    startedAt: toNumber(row.started_at),
    completedAt: toNumber(row.completed_at),
    cancelRequestedAt: toNumber(row.cancel_requested_at),
    deadlineAt: toNumber(row.deadline_at),
    timeoutMs: toNumber(row.timeout_ms),
    input: json(row.input),
    output: json(row.output),
    error: json(row.error),
    progress: json(row.progress),
    usage: json(row.usage),
    conversationId: row.conversation_id as string,
    turn: toNumber(row.turn),
    correlationId: row.correlation_id as string,
    traceparent: row.traceparent as string | null,
    metadata: json(row.metadata),
    tags: json(row.tags),
    retryOf: row.retry_of as string | null,
    fork: json(row.fork),
    parentId: row.parent_id as string | null,
    treeDepth: toNumber(row.tree_depth),
    detached: row.detached === null ? null : Boolean(row.detached),
    waitingFor: json(row.waiting_for),
    notify: json(row.notify),
    nextSeq: Number(row.next_seq),
  };
}
