import { DiscoveryService } from '@nestjs/core';
import type { Backoff, StepEffects } from '@longhaul/executions';
import type { JsonObject, JsonValue, Priority } from '@longhaul/kernel';
import type { Tool as AnyTool, ToolCall, ToolTag } from '../tool';
import type { BatchRules, ToolBatch } from './batched-calls';

export type Tool = AnyTool;

/** What the decorator says of a tool in code. */
export interface ToolOptions {
  /** What models call it by; the method's name when absent. */
  name?: string;
  /** What it does and when to use it: a model decides by this. */
  description: string;
  /** JSON Schema of the arguments, an object; it takes none when absent. The method never sees any that do not fit. */
  parameters?: JsonObject;
  /** What calling it again after a crash would mean; `at_most_once` when absent. */
  effects?: StepEffects;
  /** What it does to the world; nothing of it when absent. */
  tags?: ToolTag[];
  /** A person decides on each call before it is made. */
  requiresApproval?: boolean;
  /** Longest call in seconds; 30 when absent. */
  timeoutS?: number;
  /** Characters of its answer that a model is given; 20,000 when absent. */
  maxResultChars?: number;
  /** Each call is an execution of its own, which the workers of this queue carry out. */
  queue?: string;
  /** Of such an execution; `default` when absent. */
  priority?: Priority;
  /** A model may start it as a job, which it does not wait for. */
  background?: boolean;
  /** Most calls in a time, of all workers together: '10/m'. */
  rateLimit?: string;
  /** Its answers are kept for so many seconds, for the same arguments of the same owner; only of a `repeatable` one. */
  cacheTtlS?: number;
  /** A call that throws a `RetryableError` is made again: 3 times after the first, 1 s later and then twice that. */
  retries?: { maxRetries?: number; backoff?: Backoff['kind']; delayS?: number };
  /**
   * The method makes many calls at once: it gets a list of arguments and a `ToolBatch`, and answers a list in their order,
   * with an `Error` or `{ error: text }` for a call that failed. Those of one owner go together, 50 at most, that come to
   * this process within 20 ms.
   */
  batch?: Partial<BatchRules>;
}

/**
 * Does one call. What it throws is told to the model where it is a `PermanentError`, and ends the attempt otherwise. Must
 * stop soon after `call.signal` aborts. Undefined is answered as null.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type ToolMethod = (args: any, call: ToolCall) => Promise<JsonValue | void> | JsonValue | void;

/** Makes the calls of a tool that has `batch`. What it throws is thrown by each of them. */
// oxlint-disable-next-line typescript/no-explicit-any
export type ToolBatchMethod = (args: any[], batch: ToolBatch) => Promise<BatchAnswers> | BatchAnswers;
type BatchAnswers = readonly (JsonValue | Error | undefined)[];

/** Read by `findCodeTools`; write `@Tool`. */
export const ToolMetadata = DiscoveryService.createDecorator<ToolOptions>();

type Wears<M> = <T extends M>(target: object, method: string, descriptor: TypedPropertyDescriptor<T>) => void;

/** Makes a method of a provider (a singleton) a tool: `@Tool({ description: 'Finds an order' }) find(args, call) {…}`. */
export function Tool(options: ToolOptions & { batch?: undefined }): Wears<ToolMethod>;
export function Tool(options: ToolOptions & { batch: Partial<BatchRules> }): Wears<ToolBatchMethod>;
export function Tool(options: ToolOptions): Wears<ToolMethod & ToolBatchMethod> {
  return (target, method, descriptor) => ToolMetadata(options)(target, method, descriptor);
}
