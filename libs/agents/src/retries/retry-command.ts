import { type DeadLetterRecord, type Execution, handlingOf, type SubmitCommand } from '@longhaul/executions';
import type { AgentDefinition } from '../definition/agent-definition';
import { storedInput } from '../submission-checks';
import type { AgentInput } from '../submit-request';

/**
 * A failed execution as a new submission: all that it was asked with, and its attempts from the start. Of the agent it
 * takes what may have changed since: the queue and the deadline. A chat becomes a new turn, at the end of its conversation;
 * a fork stays a fork, and begins with what it had taken over.
 */
export function retryCommand(
  failed: Execution,
  letter: Pick<DeadLetterRecord, 'redrivenAs' | 'handling'>,
  {
    agent,
    input,
    delayMs,
    fromStep,
  }: { agent: AgentDefinition; input: AgentInput; delayMs: number; fromStep?: string },
): SubmitCommand {
  return {
    kind: failed.kind,
    target: failed.target,
    owner: failed.owner,
    queue: agent.queue,
    priority: failed.priority,
    input: storedInput(input),
    metadata: failed.metadata,
    tags: failed.tags,
    maxAttempts: failed.maxAttempts,
    delayMs,
    timeoutMs: failed.timeoutMs,
    deadlineMs: Math.round(agent.limits.deadlineS * 1000),
    conversationId: failed.conversationId,
    isTurn: failed.turn !== null,
    correlationId: failed.correlationId,
    ...(failed.traceparent === null ? {} : { traceparent: failed.traceparent }),
    ...(failed.notify === null ? {} : { notify: failed.notify }),
    ...(failed.fork === null ? {} : { fork: failed.fork }),
    ...journalOf(failed, fromStep),
    retryOf: { executionId: failed.id, seen: handlingOf(letter) },
  };
}

function journalOf(
  { id: executionId, fork }: Execution,
  fromStep: string | undefined,
): Pick<SubmitCommand, 'journalFrom'> {
  if (fromStep === undefined && fork?.from_step === undefined) return {};
  return { journalFrom: { executionId, beforeStep: fromStep ?? null } };
}
