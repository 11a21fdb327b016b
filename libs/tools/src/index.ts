export { TOOL_TAGS } from './tool';
export type { Tool, ToolCall, ToolDefinition, ToolTag } from './tool';
export { ToolRegistry } from './tool-registry';
