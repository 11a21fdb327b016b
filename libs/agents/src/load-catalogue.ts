import type { ToolDefinition } from '@longhaul/tools';
import type { AgentDefaults } from './definition/agent-definition';
import { loadAgentFiles } from './loading/load-agent-files';
import { mergeAgents, type MergedAgents } from './merge-agents';

/**
 * The agents of a workspace by their files alone, for whoever looks at them without running a gateway. Whether an agent
 * of `runtime: code` has its code, and whether a tool that no file has comes with code, shows when the gateway starts. `tools`: those of the
 * files.
 */
export function loadCatalogue(
  workspace: string,
  defaults: AgentDefaults,
  tools: readonly ToolDefinition[] = [],
): MergedAgents {
  return mergeAgents(loadAgentFiles(workspace), null, { tools, complete: false }, defaults);
}
