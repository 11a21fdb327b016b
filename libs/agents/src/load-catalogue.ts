import type { AgentDefaults } from './definition/agent-definition';
import { loadAgentFiles } from './loading/load-agent-files';
import { mergeAgents, type MergedAgents } from './merge-agents';

/**
 * The agents of a workspace by their files alone, for whoever looks at them without running a gateway. Whether an agent
 * of `runtime: code` has its code shows when the gateway starts.
 */
export function loadCatalogue(workspace: string, defaults: AgentDefaults): MergedAgents {
  return mergeAgents(loadAgentFiles(workspace), null, defaults);
}
