import { type Issue, unknownName } from '@longhaul/kernel';
import type { AgentDefaults } from './agent-definition';
import type { AgentFrontMatter } from './front-matter';

/**
 * The MCP servers that an agent names and gateway.yaml does not. Where that names none at all it is a warning: the Python
 * agents-gateway keeps its servers elsewhere, and its workspaces must load.
 */
export function mcpIssues(
  { mcp_servers: named = [] }: AgentFrontMatter,
  { mcpServers: known = [] }: AgentDefaults,
  at: (...key: string[]) => string,
): { problems: Issue[]; warnings: Issue[] } {
  const issues = named.flatMap((name, index): Issue[] => {
    if (known.includes(name)) return [];
    const path = at('mcp_servers', String(index));
    const none = 'write mcp_servers in gateway.yaml; until then the agent runs without its tools';
    const hint = known.length === 0 ? none : `gateway.yaml has: ${known.join(', ')}`;
    return [{ path, message: `mcp_servers: ${unknownName('MCP server', name, known)}`, hint }];
  });
  return known.length === 0 ? { problems: [], warnings: issues } : { problems: issues, warnings: [] };
}
