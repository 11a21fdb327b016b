import type { AgentDefinition } from '@longhaul/agents';
import type { GatewayConfig } from '@longhaul/config';

/** What a person needs first: where it is, where the docs are, and a line to paste. */
export function banner(url: string, config: GatewayConfig, agents: readonly AgentDefinition[]): string[] {
  const key = config.auth.mode === 'api_key' ? ` -H 'Authorization: Bearer <key>'` : '';
  // One that answers at once, where there is one.
  const agent = agents.find(({ executionMode, runtime }) => executionMode === 'sync' && runtime === 'llm') ?? agents[0];
  if (!agent) return ['', `  Longhaul serves on ${url}, and there is no agent yet: write agents/<id>/AGENT.md`, ''];
  return [
    '',
    `  Longhaul serves on ${url}  (queue: ${config.queue.backend}, database: ${config.persistence.backend})`,
    `  API docs: ${url}/docs`,
    '',
    `  curl -s ${url}/v1/agents/${agent.id}/chat${key} -H 'Content-Type: application/json' -d '{"message":"Hello"}'`,
    '',
  ];
}
