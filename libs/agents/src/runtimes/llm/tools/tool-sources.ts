import type { McpServers, Tool, ToolCalls, ToolRegistry } from '@longhaul/tools';
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
