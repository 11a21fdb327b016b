import type { Issue } from '@longhaul/kernel';
import type { Tool } from './tool';

/** A tool, and where it was found, for messages: `tools/weather/TOOL.md`, `@Tool find (Orders.find)`. */
export interface PlacedTool {
  tool: Tool;
  place: string;
}

/** All that one source has: the files, the code, one MCP server. */
export interface ToolSource {
  tools: readonly PlacedTool[];
  /** What kept a tool from loading. */
  problems: readonly Issue[];
  /** What loaded but does less than it says. */
  warnings: readonly Issue[];
}

/** Sorted by name. Of two with the same name neither can be meant: both are left out. */
export function withoutClashes(placed: readonly PlacedTool[]): { tools: Tool[]; problems: Issue[] } {
  const tools: Tool[] = [];
  const problems: Issue[] = [];
  for (const [name, found] of Map.groupBy(placed, ({ tool }) => tool.definition.name)) {
    const [first, ...more] = found;
    if (first && more.length === 0) tools.push(first.tool);
    for (const [index, { place }] of found.length > 1 ? found.entries() : []) {
      const others = found.filter((_, at) => at !== index).map((other) => other.place);
      const hint = 'give each a name of its own';
      problems.push({ path: place, message: `its name "${name}" is also that of ${others.join(' and ')}`, hint });
    }
  }
  return { tools: tools.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1)), problems };
}
