import { unknownName } from '@longhaul/kernel';
import type { McpServerOptions } from './mcp-options';
import { readTool, type RemoteTool } from './read-tool';

const MAX_TOOLS = 500;
const MAX_COMPLAINTS = 20;

/** The tools of a server that can be offered, and what is wrong with the others. */
export function readToolList(
  server: McpServerOptions,
  entries: readonly unknown[],
): { tools: RemoteTool[]; complaints: string[] } {
  const tools = new Map<string, RemoteTool>();
  const complaints: string[] = [];
  const wanted = server.tools === undefined ? undefined : new Set(server.tools);
  const seen = entries.slice(0, MAX_TOOLS).map((entry) => readTool(server, entry));
  if (entries.length > MAX_TOOLS) complaints.push(`has ${entries.length} tools, of which ${MAX_TOOLS} are read`);
  for (const tool of seen) {
    if (typeof tool === 'string') complaints.push(tool);
    else if (wanted !== undefined && !wanted.has(tool.remoteName)) continue;
    else if (tools.has(tool.definition.name)) complaints.push(`has two tools that would be ${tool.definition.name}`);
    else tools.set(tool.definition.name, tool);
  }
  const names = seen.flatMap((tool) => (typeof tool === 'string' ? [] : [tool.remoteName]));
  for (const name of [...(wanted ?? []), ...Object.keys(server.perTool)]) {
    if (!names.includes(name)) complaints.push(`is configured with an ${unknownName('tool', name, names)}`);
  }
  return { tools: [...tools.values()], complaints: complaints.slice(0, MAX_COMPLAINTS) };
}
