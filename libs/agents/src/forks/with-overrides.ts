import type { Overrides } from '@longhaul/executions';
import type { AgentDefinition } from '../definition/agent-definition';

/** The agent as one execution is to have it. What stands around its own instructions (guardrails, context) stays. */
export function withOverrides(agent: AgentDefinition, { prompt, model }: Overrides = {}): AgentDefinition {
  return {
    ...agent,
    ...(model === undefined ? {} : { model }),
    ...(prompt === undefined ? {} : { body: prompt, instructions: withBody(agent, prompt) }),
  };
}

function withBody({ instructions, body, bodyAt }: AgentDefinition, prompt: string): string {
  const around = [instructions.slice(0, bodyAt), prompt, instructions.slice(bodyAt + body.length)];
  return around
    .map((part) => part.replace(/^\n+|\n+$/g, ''))
    .filter((part) => part !== '')
    .join('\n\n');
}
