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
import { parseRate, RATE_FORM, RATE_RULE } from '@longhaul/config';
import { DEFAULT_RESULT_CHARS, DEFAULT_TIMEOUT_S, retriesOf } from '../definition/resolve-tool';
import { NO_PARAMETERS, parametersIssue } from '../definition/parameters';
import { TOOL_NAME_PATTERN, TOOL_NAME_RULE } from '../tool-name';
import { type Tool, TOOL_TAGS, type ToolCall, type ToolDefinition } from '../tool';
import type { PlacedTool, ToolSource } from '../tool-source';
import { BatchedCalls, type ToolBatch } from './batched-calls';
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
      const run = runOf(place, options, (args, call) => callMethod(wrapper.instance, method, place, args, call));
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

/** One call at a time, or many at once where it can. */
function runOf(
  place: string,
  { batch }: ToolOptions,
  method: (args: JsonObject | JsonObject[], call: ToolCall | ToolBatch) => Promise<unknown>,
): Tool['run'] {
  if (!batch) return async (args, call) => ((await method(args, call)) ?? null) as JsonValue;
  const { max = 50, waitMs = 20 } = batch;
  const calls = new BatchedCalls(place, { max, waitMs }, method);
  return (args, call) => calls.make(args, call);
}

async function callMethod(
  instance: unknown,
  method: string,
  place: string,
  args: JsonObject | JsonObject[],
  call: ToolCall | ToolBatch,
): Promise<unknown> {
  const found = (instance as Methods | undefined)?.[method];
  if (typeof found !== 'function') throw new PermanentError(`${place} is not there: its provider was not made`);
  return (await found.call(instance, args, call)) as unknown;
}

function definitionOf(name: string, options: ToolOptions): ToolDefinition {
  const { rateLimit, cacheTtlS, retries } = options;
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
    ...(options.background === true ? { background: true } : {}),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(rateLimit === undefined ? {} : { rateLimit: parseRate(rateLimit) }),
    ...(cacheTtlS === undefined ? {} : { cacheTtlMs: Math.round(cacheTtlS * 1_000) }),
    ...(retries === undefined ? {} : { retries: retriesOf(retries) }),
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
  const { rateLimit, batch } = options;
  if (rateLimit !== undefined && !RATE_FORM.test(rateLimit)) report(`rateLimit: ${RATE_RULE}`, `got "${rateLimit}"`);
  if (batch?.max !== undefined && !(batch.max >= 1 && Number.isInteger(batch.max))) {
    report(`batch.max: a whole number from 1, got ${String(batch.max)}`, 'say how many calls the method takes at once');
  }
  if (batch?.waitMs !== undefined && !(batch.waitMs >= 0 && batch.waitMs <= 1_000)) {
    report(`batch.waitMs: from 0 to 1000, got ${String(batch.waitMs)}`, 'each call may wait so long for others');
  }
  for (const key of ['timeoutS', 'maxResultChars', 'cacheTtlS'] as const) {
    const value = options[key];
    if (value !== undefined && !(value > 0)) report(`${key}: at least 1, got ${String(value)}`, 'raise it');
  }
  return issues;
}
