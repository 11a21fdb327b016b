import type { Issue } from '@longhaul/kernel';
import { loadTools } from './load-tools';
import type { ToolDefinition } from './tool';
import { withoutClashes } from './tool-source';
import type { ToolSettings } from './tools-options';

export interface ToolCatalogue {
  /** Sorted by name. */
  definitions: ToolDefinition[];
  problems: Issue[];
  warnings: Issue[];
}

/** The tools of a workspace by their files alone, for whoever looks at them without running a gateway. */
export function loadToolCatalogue(settings: ToolSettings): ToolCatalogue {
  const { tools: placed, problems, warnings } = loadTools(settings, null);
  const { tools, problems: clashes } = withoutClashes(placed);
  return {
    definitions: tools.map(({ definition }) => definition),
    problems: [...problems, ...clashes],
    warnings: [...warnings],
  };
}
