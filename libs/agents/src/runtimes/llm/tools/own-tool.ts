import type { JsonObject } from '@longhaul/kernel';
import type { OfferedTool } from '@longhaul/models';
import type { Tool, ToolDefinition } from '@longhaul/tools';
import type { ToolAnswer } from './tool-step';

/** A tool that the loop itself carries out, in one of three ways. */
export interface OwnTool extends OfferedTool, Pick<ToolDefinition, 'tags' | 'requiresApproval'> {
  /** Nobody is asked for approval, whatever the agent's author says of all tools. */
  readonly isHarmless?: boolean;
  /** Waits without a worker. `key` is the call's: what is asked under it is asked once. */
  ask?(key: string, args: JsonObject): Promise<ToolAnswer>;
  /** In the call's own step; may be called again after a crash. */
  act?(args: JsonObject): Promise<ToolAnswer>;
  /** The tool that is started as a job, which is approved as a call of it would be. */
  starts?(args: JsonObject): { tool: Tool; args: JsonObject } | undefined;
}

export function isOwn(tool: Tool | OwnTool): tool is OwnTool {
  return !('definition' in tool);
}

export function askOwn(tool: OwnTool, key: string, args: JsonObject): Promise<ToolAnswer> {
  if (!tool.ask) throw new Error(`the tool ${tool.name} asks nobody`);
  return tool.ask(key, args);
}
