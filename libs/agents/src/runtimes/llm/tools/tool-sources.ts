import {
  type McpServers,
  type Tool,
  TOOL_TAGS,
  type ToolCalls,
  type ToolRegistry,
  type ToolTag,
} from '@longhaul/tools';
import type { AgentDefinition } from '../../../definition/agent-definition';
import type { Jobs } from '../../../tool-executions/jobs';

/** Where the tools of agents come from. */
export interface ToolSources {
  registry: Pick<ToolRegistry, 'find'>;
  servers: Pick<McpServers, 'ready' | 'toolsOf'>;
  calls: Pick<ToolCalls, 'make'>;
  jobs: Pick<Jobs, 'start' | 'find' | 'cancel' | 'heardBy'>;
  agents: { find(id: string): AgentDefinition | undefined };
}

/** Those that an agent's model may call, as far as they are there now: of its AGENT.md, its skills and its MCP servers. */
export function toolsOf(
  { tools, mcpServers }: Pick<AgentDefinition, 'tools' | 'mcpServers'>,
  { registry, servers }: ToolSources,
): Tool[] {
  const names = new Set([...tools, ...servers.toolsOf(mcpServers)]);
  return [...names].flatMap((name) => registry.find(name) ?? []);
}

/** Of a tool that has answered, be it this agent's or not; of one that is gone, all that it may have been. */
export function tagsNow(name: string, { registry }: Pick<ToolSources, 'registry'>): readonly ToolTag[] {
  return registry.find(name)?.definition.tags ?? TOOL_TAGS;
}

/**
 * What an agent does to the world: all that its tools do, and the agents that it asks, however deep. An agent that is a
 * program or a server of somebody's may do what such a tool may; one in code is its author's word, as a tool in code is.
 */
export function tagsOf(agent: AgentDefinition, from: ToolSources, asked = new Set<string>()): readonly ToolTag[] {
  if (asked.has(agent.id)) return [];
  asked.add(agent.id);
  if (agent.runtime === 'command') return TOOL_TAGS;
  if (agent.runtime === 'http') return ['ingests_untrusted', 'sends_out'];
  const delegates = agent.delegatesTo.flatMap((id) => from.agents.find(id) ?? []);
  const own = toolsOf(agent, from).flatMap(({ definition }) => definition.tags);
  return [...new Set([...own, ...delegates.flatMap((delegate) => tagsOf(delegate, from, asked))])];
}
