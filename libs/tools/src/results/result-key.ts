import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';
import type { ToolDefinition } from '../tool';

/** The same for the same tool, owner and arguments, in whichever order these were written; another for another tool. */
export function resultKey(tool: ToolDefinition, owner: string, args: JsonObject): string {
  const text = JSON.stringify([owner, ordered(tool as unknown as JsonObject), ordered(args)]);
  return createHash('sha256').update(text).digest('hex');
}

function ordered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, item]) => [key, ordered(item)]);
}
