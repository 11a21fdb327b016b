import { compileSchema, isJsonObject, type JsonObject } from '@longhaul/kernel';
import type { ToolDefinition, ToolTag } from '../tool';
import type { McpServerOptions } from './mcp-options';
import { toolName } from './tool-name';
import { withoutPatterns } from './without-patterns';

const MAX_DESCRIPTION_CHARS = 4_000;
const MAX_SCHEMA_CHARS = 64 * 1024;
const MAX_RESULT_CHARS = 20_000;

/** A tool as its server has it, and as models know it. */
export interface RemoteTool {
  remoteName: string;
  definition: ToolDefinition;
}

/**
 * One entry of a server's list as a tool, or what is wrong with it as the end of a sentence. What stands in it was
 * written by a stranger; what the operator says of the tool wins.
 */
export function readTool(server: McpServerOptions, entry: unknown): RemoteTool | string {
  if (!isJsonObject(entry)) return 'has a tool that is no object';
  const { name: remoteName, description, annotations } = entry;
  const name = toolName(server.name, remoteName);
  if (name === undefined || typeof remoteName !== 'string') {
    return `has a tool whose name ${JSON.stringify(remoteName)?.slice(0, 80)} is none`;
  }
  const parameters = readParameters(entry['inputSchema']);
  if (typeof parameters === 'string') return `has a tool ${remoteName} whose input schema ${parameters}`;
  const own = Object.hasOwn(server.perTool, remoteName) ? server.perTool[remoteName] : undefined;
  const hints = isJsonObject(annotations) ? annotations : {};
  return {
    remoteName,
    definition: {
      name,
      description: typeof description === 'string' ? description.slice(0, MAX_DESCRIPTION_CHARS) : '',
      parameters,
      effects: own?.effects ?? server.effects ?? effectsOf(hints),
      tags: own?.tags ?? server.tags ?? tagsOf(hints),
      requiresApproval: own?.requiresApproval ?? server.requiresApproval ?? false,
      timeoutMs: own?.timeoutMs ?? server.timeoutMs,
      maxResultChars: MAX_RESULT_CHARS,
      kind: 'mcp',
      file: null,
    },
  };
}

function effectsOf({ readOnlyHint, idempotentHint }: JsonObject): ToolDefinition['effects'] {
  if (readOnlyHint === true) return 'repeatable';
  return idempotentHint === true ? 'idempotent' : 'at_most_once';
}

function tagsOf({ readOnlyHint }: JsonObject): readonly ToolTag[] {
  return readOnlyHint === true ? ['ingests_untrusted'] : ['ingests_untrusted', 'sends_out'];
}

function readParameters(schema: unknown): JsonObject | string {
  if (!isJsonObject(schema) || schema['type'] !== 'object') return 'is not that of an object';
  try {
    const chars = JSON.stringify(schema).length;
    if (chars > MAX_SCHEMA_CHARS) return `has ${chars} characters, at most ${MAX_SCHEMA_CHARS} are read`;
    const parameters = withoutPatterns(schema);
    // One that refers to itself without end shows when it is used.
    compileSchema(parameters)({});
    return parameters;
  } catch (error) {
    return `is not a JSON Schema: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`;
  }
}
