import type { ToolDefinition } from '@longhaul/tools';

/** A tool as the catalogue shows it: what a model is told of it, and what the gateway makes of it. */
export function toolView(tool: ToolDefinition) {
  return {
    name: tool.name,
    description: tool.description,
    kind: tool.kind,
    parameters: tool.parameters,
    effects: tool.effects,
    tags: tool.tags,
    requires_approval: tool.requiresApproval,
    timeout_s: tool.timeoutMs / 1_000,
    max_result_chars: tool.maxResultChars,
    ...(tool.queue === undefined ? {} : { queue: tool.queue }),
    ...(tool.priority === undefined ? {} : { priority: tool.priority }),
    ...(tool.background ? { background: true } : {}),
    available: tool.unavailableReason === undefined,
    ...(tool.unavailableReason === undefined ? {} : { unavailable_reason: tool.unavailableReason }),
  };
}
