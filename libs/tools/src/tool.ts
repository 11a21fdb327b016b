import type { LoggerService } from '@nestjs/common';
import type { Rate } from '@longhaul/config';
import type { Backoff, StepEffects } from '@longhaul/executions';
import type { JsonObject, JsonValue, Priority } from '@longhaul/kernel';

/**
 * What a tool does to the world, for the rule that no run may hold all three without a person's word:
 * `reads_private`: it sees what not everybody may see. `ingests_untrusted`: what it answers was written by strangers.
 * `sends_out`: it can carry something out of the house.
 */
export const TOOL_TAGS = ['reads_private', 'ingests_untrusted', 'sends_out'] as const;
export type ToolTag = (typeof TOOL_TAGS)[number];

/** What a model may be offered, wherever it comes from: a TOOL.md, a method with `@Tool`, or a server's tool by MCP. */
export interface ToolDefinition {
  /** What models call it by: 1 to 64 letters, digits, `_` and `-`. Of an MCP server: `server__tool`. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, which are an object. */
  readonly parameters: JsonObject;
  /** What calling it again after a crash would mean. */
  readonly effects: StepEffects;
  readonly tags: readonly ToolTag[];
  /** A person decides on each call before it is made. */
  readonly requiresApproval: boolean;
  /** Longest call in milliseconds. */
  readonly timeoutMs: number;
  /** Characters of its answer that a model is given; what is more is cut, and says so. */
  readonly maxResultChars: number;
  /** `http`, `scrape`, `sql`, `command`, `notify`, `mcp` or `code`. */
  readonly kind: string;
  /** `tools/<id>/TOOL.md`, relative to the workspace; null where no file tells of it. */
  readonly file: string | null;
  /** Most calls in a time, of all workers together. */
  readonly rateLimit?: Rate;
  /** Its answers are kept for so long, for the same arguments of the same owner; only of a `repeatable` one. */
  readonly cacheTtlMs?: number;
  /** A call that may be answered otherwise another time is made again so often; what it fails with then is its answer. */
  readonly retries?: { readonly max: number; readonly backoff: Backoff };
  /** Each call is an execution of its own, which the workers of this queue carry out. */
  readonly queue?: string;
  /** Of such an execution; `default` when absent. */
  readonly priority?: Priority;
  /** A model may start it as a job, which it does not wait for. */
  readonly background?: boolean;
  /** Set: it is listed and cannot be called; this sentence names the mend. */
  readonly unavailableReason?: string;
}

/** Who calls, from within which step. */
export interface ToolCall {
  readonly executionId: string;
  readonly runId: string;
  /** Whose execution it is. */
  readonly owner: string;
  readonly agent: string;
  readonly conversationId: string;
  readonly correlationId: string;
  readonly stepId: string;
  /** The same however often this call is made, and no other call's: passed on as `Idempotency-Key`. */
  readonly idempotencyKey: string;
  /** Aborts when the run must stop, or the tool's time is up. */
  readonly signal: AbortSignal;
  readonly logger: LoggerService;
}

/**
 * One tool, ready to be called. `run` gets arguments that fit `definition.parameters`. What it throws is told to the
 * model as the tool's answer where it is permanent (`PermanentError`, `NoEffectError`), and ends the attempt where
 * trying again may help (anything else).
 */
export interface Tool {
  readonly definition: ToolDefinition;
  run(args: JsonObject, call: ToolCall): Promise<JsonValue>;
}
