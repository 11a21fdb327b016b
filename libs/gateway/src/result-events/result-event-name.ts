import type { AgentDefinition, AgentRegistry } from '@longhaul/agents';
import type { Execution } from '@longhaul/executions';

type Delivery = NonNullable<AgentDefinition['resultEvent']>['delivery'];

/** The event that the end of this execution is told by, in this way; undefined: it is not over, or nobody is told. */
export function resultEventName(
  agents: AgentRegistry,
  { kind, target, status }: Pick<Execution, 'kind' | 'target' | 'status'>,
  delivery: Delivery,
): string | undefined {
  const event = kind === 'agent' ? agents.find(target)?.resultEvent : undefined;
  if (event?.delivery !== delivery) return undefined;
  if (status === 'completed') return event.name;
  return status === 'failed' || status === 'cancelled' ? event.failure : undefined;
}
