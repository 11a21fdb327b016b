import type { Redriven } from '@longhaul/agents';
import type {
  DeadLetterGroup,
  DeadLetterRecord,
  DeadLetterRefusal,
  Discarded,
  Execution,
  Run,
} from '@longhaul/executions';
import { runView } from '../executions/execution-view';
import { walkCursor } from './chosen';

/** The wire form of dead letters. What there is not is left out, never null. */

/** `base` is what stands before `/v1`. */
export function deadLetterView(letter: DeadLetterRecord, base: string) {
  const { executionId, error, handledAt, redrivenAs, discardReason } = letter;
  const url = `${base}/v1/executions/${executionId}`;
  return {
    execution_id: executionId,
    agent: letter.target,
    queue: letter.queue,
    reason: letter.reason,
    fingerprint: letter.fingerprint,
    ...(error === null ? {} : { error }),
    failed_at: iso(letter.failedAt),
    attempts: letter.attempt,
    max_attempts: letter.maxAttempts,
    interruptions: letter.interruptions,
    state: letter.handling ?? ('open' as const),
    ...(handledAt === null ? {} : { handled_at: iso(handledAt) }),
    ...(redrivenAs === null ? {} : { redriven_as: redrivenAs }),
    ...(discardReason === null ? {} : { discard_reason: discardReason }),
    execution_url: url,
    runs_url: `${url}/runs`,
  };
}

/** With all that one needs to decide what to do about it. */
export function deadLetterDetailView(letter: DeadLetterRecord, execution: Execution, runs: Run[], base: string) {
  return {
    ...deadLetterView(letter, base),
    input: execution.input,
    conversation_id: execution.conversationId,
    correlation_id: execution.correlationId,
    ...(execution.retryOf === null ? {} : { retry_of: execution.retryOf }),
    runs: runs.map(runView),
  };
}

export function groupView(group: DeadLetterGroup) {
  return {
    fingerprint: group.fingerprint,
    reason: group.reason,
    agent: group.target,
    count: group.count,
    first_failed_at: iso(group.firstFailedAt),
    last_failed_at: iso(group.lastFailedAt),
    sample: { execution_id: group.sample.executionId, message: group.sample.message },
  };
}

export function redrivenView({ items, refused, remaining, next }: Redriven) {
  const due = Math.max(...items.map(({ execution }) => execution.dueAt));
  return {
    count: items.length,
    items: items.map(({ execution, retryOf, repeated }) => ({
      execution_id: execution.id,
      retry_of: retryOf,
      repeated,
      due_at: iso(execution.dueAt),
    })),
    refused: refused.map(refusalView),
    ...(items.length > 0 ? { last_due_at: iso(due) } : {}),
    remaining,
    next_cursor: walkCursor(next),
  };
}

export function discardedView({ executionIds, refused, remaining, next }: Discarded) {
  return {
    count: executionIds.length,
    execution_ids: executionIds,
    refused: refused.map(refusalView),
    remaining,
    next_cursor: walkCursor(next),
  };
}

function refusalView({ executionId, code, message }: DeadLetterRefusal) {
  return { execution_id: executionId, code, message };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
