import type { Overrides } from '@longhaul/executions';
import type { Issue } from '@longhaul/kernel';
import { type ProviderOptions, whyUnavailable } from '@longhaul/models';
import type { AgentDefinition } from '../definition/agent-definition';

/** What is wrong with another prompt or model for this agent. */
export function overrideIssues(
  { id, runtime }: AgentDefinition,
  { prompt, model }: Overrides,
  providers: readonly ProviderOptions[],
): Issue[] {
  if (runtime !== 'llm') {
    const message = `agent "${id}" asks no model (runtime ${runtime}): change its input, or the result of a step`;
    const given = [...(prompt === undefined ? [] : ['prompt']), ...(model === undefined ? [] : ['model'])];
    return given.map((path) => ({ path, message }));
  }
  const reason = model === undefined ? undefined : whyUnavailable(model, providers);
  return reason === undefined ? [] : [{ path: 'model', message: reason }];
}
