import { PermanentError } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import type { ExecutionKinds } from '../execution-kinds';
import type { InvokeRequest } from '../step-runner';
import type { SubmitCommand } from '../submit-command';

/** Executions below one another: more is a circle of agents that ask each other. */
const DEEPEST = 8;

/** The child that a step of an execution asks for; it ends with its parent unless the caller says `detached`. Throws a `PermanentError` where there can be none. */
export function childOf(
  parent: Execution,
  childId: string,
  { kind = 'agent', agent, input }: InvokeRequest,
  kinds: ExecutionKinds,
): SubmitCommand {
  const depth = (parent.treeDepth ?? 0) + 1;
  if (depth > DEEPEST) {
    const mend = 'have them answer instead of asking on';
    throw new PermanentError(`"${agent}" would be ${depth} executions below the first, ${DEEPEST} at most: ${mend}`);
  }
  const targets = kinds.find(kind)?.targets;
  if (!targets) throw new PermanentError(`nothing of kind "${kind}" is here to be asked`);
  const { inConversation = false, ...command } = targets.child(agent, input);
  return {
    ...command,
    kind,
    target: agent,
    owner: parent.owner,
    metadata: {},
    tags: [],
    delayMs: 0,
    correlationId: parent.correlationId,
    ...(inConversation ? { conversationId: parent.conversationId } : {}),
    ...(parent.traceparent === null ? {} : { traceparent: parent.traceparent }),
    child: { id: childId, parentId: parent.id, depth },
  };
}
