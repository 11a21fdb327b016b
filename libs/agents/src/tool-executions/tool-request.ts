import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';
import type { Called } from '../runtimes/llm/tools/call-tool';

/** The kind of executions that are one call of a tool, made by a worker of the tool's own queue. */
export const TOOL_KIND = 'tool';

/** Before the tool's name in `target`: no agent's id has a colon, so neither is taken for the other. */
const PREFIX = 'tool:';
export const targetOf = (tool: string) => `${PREFIX}${tool}`;

export function toolOf(target: string): string {
  return target.startsWith(PREFIX) ? target.slice(PREFIX.length) : target;
}

/** The input of such an execution. */
export type ToolRequestInput = {
  /** Whose model wants it called. */
  agent: string;
  arguments: JsonObject;
  /** Of a job: how many in a row, each begun because the one before had ended, with this one. */
  row?: number;
};

export function readRequest(input: JsonValue): ToolRequestInput {
  const { agent = '', arguments: args = {}, row } = isJsonObject(input) ? input : {};
  return {
    agent: typeof agent === 'string' ? agent : '',
    arguments: isJsonObject(args) ? args : {},
    ...(typeof row === 'number' ? { row } : {}),
  };
}

/** What its output says: the tool's answer as a model is given it, not yet wrapped. */
export function toOutput({ text, isError, cut, ours }: Called): JsonObject {
  return {
    text,
    ...(isError ? { is_error: true } : {}),
    ...(cut ? { cut: true } : {}),
    ...(ours ? { ours: true } : {}),
  };
}

export function readOutput(output: JsonValue): Called {
  const { text = '', is_error, cut, ours } = isJsonObject(output) ? output : {};
  return {
    text: typeof text === 'string' ? text : JSON.stringify(text),
    ...(is_error === true ? { isError: true } : {}),
    ...(cut === true ? { cut: true } : {}),
    ...(ours === true ? { ours: true } : {}),
  };
}
