import { type Execution, type Fork, placeInConversation, type SubmitCommand } from '@longhaul/executions';
import type { AgentDefinition } from '../definition/agent-definition';
import { storedInput } from '../submission-checks';
import type { AgentInput } from '../submit-request';
import type { ForkRequest } from './fork-request';

/** What of a fork was looked up and checked. */
interface CheckedFork {
  agent: AgentDefinition;
  input: AgentInput;
  /** By its key; null: from the beginning. */
  fromStep: string | null;
  /** Steps of the prefix that are done anew all the same. */
  except: string[];
}

/**
 * An execution that is over as a new submission. It is no turn of a conversation, and whoever the other one's caller
 * wanted told is not told of this one.
 */
export function forkCommand(source: Execution, request: ForkRequest, checked: CheckedFork): SubmitCommand {
  const { agent, fromStep, except } = checked;
  const { traceparent, idempotency, stepResults } = request;
  return {
    kind: source.kind,
    target: source.target,
    owner: source.owner,
    queue: agent.queue,
    priority: source.priority,
    input: storedInput(checked.input),
    metadata: source.metadata,
    tags: source.tags,
    maxAttempts: source.maxAttempts,
    delayMs: 0,
    timeoutMs: source.timeoutMs,
    deadlineMs: Math.round(agent.limits.deadlineS * 1000),
    conversationId: source.conversationId,
    correlationId: request.correlationId ?? source.correlationId,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(idempotency === undefined ? {} : { idempotency }),
    ...(fromStep === null
      ? {}
      : { journalFrom: { executionId: source.id, beforeStep: fromStep, fork: { except, results: stepResults } } }),
    fork: forkOf(source, request, fromStep),
  };
}

/** A fork of a fork has what that one had, but for what is changed again. */
function forkOf(source: Execution, { prompt, model, input, stepResults }: ForkRequest, fromStep: string | null): Fork {
  const turn = placeInConversation(source);
  const overrides = { prompt: prompt ?? source.fork?.prompt, model: model ?? source.fork?.model };
  const keys = Object.keys(stepResults);
  return {
    execution_id: source.id,
    ...(fromStep === null ? {} : { from_step: fromStep }),
    ...(turn === null ? {} : { turn }),
    ...(Object.keys(input).length === 0 ? {} : { input: true }),
    ...(overrides.prompt === undefined ? {} : { prompt: overrides.prompt }),
    ...(overrides.model === undefined ? {} : { model: overrides.model }),
    ...(keys.length === 0 ? {} : { step_results: keys }),
  };
}
