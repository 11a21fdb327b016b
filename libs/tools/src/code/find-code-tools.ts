import { Scope } from '@nestjs/common';
import { type DiscoveryService, MetadataScanner } from '@nestjs/core';
import {
  type Issue,
  type JsonObject,
  type JsonValue,
  NAME_PATTERN,
  NAME_RULE,
  PermanentError,
  PRIORITIES,
} from '@longhaul/kernel';
import { STEP_EFFECTS } from '@longhaul/executions';
import { DEFAULT_RESULT_CHARS, DEFAULT_TIMEOUT_S } from '../definition/resolve-tool';
import { NO_PARAMETERS, parametersIssue } from '../definition/parameters';
import { TOOL_NAME_PATTERN, TOOL_NAME_RULE } from '../tool-name';
import { TOOL_TAGS, type ToolCall, type ToolDefinition } from '../tool';
import type { PlacedTool, ToolSource } from '../tool-source';
import { ToolMetadata, type ToolOptions } from './tool-decorator';

/** Every method that wears `@Tool`, of whichever provider of the application. */
export function findCodeTools(discovery: DiscoveryService): ToolSource {
  const scanner = new MetadataScanner();
  const tools: PlacedTool[] = [];
  const problems: Issue[] = [];
  for (const wrapper of discovery.getProviders()) {
    // The same instance under another token: its methods are found under its own.
    if (wrapper.isAlias) continue;
    const prototype = prototypeOf(wrapper.instance, wrapper.metatype);
    if (!prototype) continue;
    const className = wrapper.metatype?.name || wrapper.name;
    for (const method of scanner.getAllMethodNames(prototype)) {
      const options = Reflect.getMetadata(ToolMetadata.KEY, prototype[method] as object) as ToolOptions | undefined;
      if (!options) continue;
      const name = options.name ?? method;
      const place = `@Tool ${name} (${className}.${method})`;
      const scoped = (wrapper.scope ?? Scope.DEFAULT) !== Scope.DEFAULT;
      const issues = [
        ...(scoped ? [{ message: 'its class is not a singleton', hint: 'remove its scope' }] : []),
        ...optionIssues(name, options),
      ];
      problems.push(...issues.map((issue) => ({ path: place, ...issue })));
      if (issues.length > 0) continue;
      const run = (args: JsonObject, call: ToolCall) => callMethod(wrapper.instance, method, place, args, call);
      tools.push({ place, tool: { definition: definitionOf(name, options), run } });
    }
  }
  return { tools, problems, warnings: [] };
}

type Methods = Record<string, unknown>;

/** Class providers have one before they are made; those of factories only have an instance. */
function prototypeOf(instance: unknown, metatype: unknown): Methods | undefined {
  if (typeof instance === 'object' && instance !== null) return Object.getPrototypeOf(instance) as Methods;
  return typeof metatype === 'function' ? (metatype.prototype as Methods | undefined) : undefined;
}

async function callMethod(
  instance: unknown,
  method: string,
  place: string,
  args: JsonObject,
  call: ToolCall,
): Promise<JsonValue> {
  const found = (instance as Methods | undefined)?.[method];
  if (typeof found !== 'function') throw new PermanentError(`${place} is not there: its provider was not made`);
  const answer = (await found.call(instance, args, call)) as JsonValue | undefined;
  return answer ?? null;
}

function definitionOf(name: string, options: ToolOptions): ToolDefinition {
  return {
    name,
    description: options.description,
    parameters: options.parameters ?? NO_PARAMETERS,
    effects: options.effects ?? 'at_most_once',
    tags: options.tags ?? [],
    requiresApproval: options.requiresApproval ?? false,
    timeoutMs: Math.round((options.timeoutS ?? DEFAULT_TIMEOUT_S) * 1_000),
    maxResultChars: options.maxResultChars ?? DEFAULT_RESULT_CHARS,
    kind: 'code',
    file: null,
    ...(options.queue === undefined ? {} : { queue: options.queue }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
  };
}

/** Much of it only code without types can write. */
function optionIssues(name: string, options: ToolOptions): { message: string; hint: string }[] {
  const issues: { message: string; hint: string }[] = [];
  const report = (message: string, hint: string) => issues.push({ message, hint });
  if (!TOOL_NAME_PATTERN.test(name)) report(`"${name}" cannot be a tool's name`, `give it a name of ${TOOL_NAME_RULE}`);
  if (typeof options.description !== 'string' || options.description === '') {
    report('description: expected a sentence', 'say what it does and when to use it');
  }
  const wrong = options.parameters === undefined ? undefined : parametersIssue(options.parameters);
  if (wrong) report(`parameters: ${wrong.message}`, wrong.hint);
  if (options.effects !== undefined && !STEP_EFFECTS.includes(options.effects)) {
    report(`effects: got "${options.effects}"`, `write one of ${STEP_EFFECTS.join(', ')}`);
  }
  const tag = options.tags?.find((one) => !TOOL_TAGS.includes(one));
  if (tag !== undefined) report(`tags: got "${tag}"`, `write some of ${TOOL_TAGS.join(', ')}`);
  if (options.queue !== undefined && !NAME_PATTERN.test(options.queue)) {
    report(`queue: "${options.queue}" cannot be a queue's name`, `give it a name of ${NAME_RULE}`);
  }
  if (options.priority !== undefined && !PRIORITIES.includes(options.priority)) {
    report(`priority: got "${options.priority}"`, `write one of ${PRIORITIES.join(', ')}`);
  }
  for (const key of ['timeoutS', 'maxResultChars'] as const) {
    const value = options[key];
    if (value !== undefined && !(value > 0)) report(`${key}: at least 1, got ${String(value)}`, 'raise it');
  }
  return issues;
}
