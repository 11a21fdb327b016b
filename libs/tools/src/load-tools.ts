import { PermanentError } from '@longhaul/kernel';
import { resolveTool } from './definition/resolve-tool';
import type { ToolKind } from './kinds/tool-kind';
import { loadToolFiles } from './loading/load-tool-files';
import type { ToolFile } from './loading/parse-tool-file';
import type { Tool } from './tool';
import type { PlacedTool, ToolSource } from './tool-source';
import type { ToolSettings } from './tools-options';

/** The tools of the files. Without kinds (`null`) they are only looked at: none can be called. */
export function loadTools(settings: ToolSettings, kinds: readonly ToolKind[] | null): ToolSource {
  const { tools: files, problems, warnings } = loadToolFiles(settings.workspace);
  const tools = files.map((file): PlacedTool => ({ place: file.at(), tool: toolOf(file, settings, kinds) }));
  const unavailable = files.flatMap((file, index) => {
    const reason = tools[index]?.tool.definition.unavailableReason;
    if (reason === undefined || file.frontMatter.enabled === false) return [];
    const hint = 'until then no model is offered it';
    return [{ path: file.at(file.frontMatter.kind), message: `is unavailable: ${reason}`, hint }];
  });
  return { tools, problems, warnings: [...warnings, ...unavailable] };
}

function toolOf(file: ToolFile, settings: ToolSettings, kinds: readonly ToolKind[] | null): Tool {
  const definition = resolveTool(file, settings);
  const { unavailableReason } = definition;
  const kind = kinds?.find(({ format }) => format.kind === file.format.kind);
  if (kind && unavailableReason === undefined) return { definition, run: kind.create(file.own, definition) };
  const reason = unavailableReason ?? `nothing here carries out tools of kind ${definition.kind}`;
  const message = `tool "${definition.name}" cannot be called: ${reason}`;
  return { definition, run: () => Promise.reject(new PermanentError(message, { code: 'tool_unavailable' })) };
}
