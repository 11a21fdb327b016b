import { type Issue, unknownName } from '@longhaul/kernel';
import type { AgentDefinition } from './agent-definition';

/** What is wrong with the agents that an agent may ask, given all that there are. */
export function delegationIssues(
  { id, delegatesTo }: AgentDefinition,
  known: readonly string[],
  path: string,
): Issue[] {
  const hint = `name agents of this workspace: ${known.filter((other) => other !== id).join(', ')}`;
  return delegatesTo.flatMap((other) => {
    if (other === id) return [{ path, message: 'delegates_to: it would ask itself', hint }];
    return known.includes(other)
      ? []
      : [{ path, message: `delegates_to: ${unknownName('agent', other, known)}`, hint }];
  });
}
