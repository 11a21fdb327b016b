import type { McpServers, Tool, ToolCalls, ToolRegistry, ToolTag } from '@longhaul/tools';
import type { AgentDefinition } from '../../../definition/agent-definition';

/** Where the tools of agents come from. */
export interface ToolSources {
  registry: Pick<ToolRegistry, 'find'>;
  servers: Pick<McpServers, 'ready' | 'toolsOf'>;
  calls: Pick<ToolCalls, 'make'>;
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

/** What an agent does to the world: by its tools, and by those of all whom it may have work for it, and they for them. */
export function tagsOf(agent: AgentDefinition, from: ToolSources, seen = new Set<string>()): ToolTag[] {
  if (seen.has(agent.id)) return [];
  seen.add(agent.id);
  const delegates = agent.delegatesTo.flatMap((id) => from.agents.find(id) ?? []);
  const tags = [
    ...toolsOf(agent, from).flatMap(({ definition }) => definition.tags),
    ...delegates.flatMap((delegate) => tagsOf(delegate, from, seen)),
  ];
  return [...new Set(tags)];
}
