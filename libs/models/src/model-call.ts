import type { JsonObject, JsonValue } from '@longhaul/kernel';

export interface ModelMessage {
  role: 'user' | 'assistant';
  text: string;
}

/** One question to a model. Plain data but for the signal; the same for every provider. */
export interface ModelCall {
  /** The name after the slash: `gpt-5-mini` of `openai/gpt-5-mini`. */
  model: string;
  /** The system prompt; empty = none. */
  instructions: string;
  /** Oldest first; the last one is the user's. */
  messages: readonly ModelMessage[];
  /** 0 to 2; the provider's own when absent. */
  temperature?: number;
  /** Most tokens of the answer; the provider's own when absent. */
  maxTokens?: number;
  /** The answer must be JSON that fits this JSON Schema. Asked for in the provider's own way where it has one. */
  outputSchema?: JsonObject;
  /** Aborts the call and closes its socket; the stream then throws the signal's reason. */
  signal: AbortSignal;
  /** What only the demo model looks at: who asks, and what a test directs it to do. */
  demo: DemoCall;
}

export interface DemoCall {
  agent: string;
  file: string | null;
  /** The agent's own part of the instructions. */
  body: string;
  async: boolean;
  attempt: number;
  input: JsonValue;
}

/** Tokens as the provider counted them. */
export interface TokenUsage {
  inputTokens: number;
  /** Those of the input tokens that were read from the provider's cache. */
  cachedInputTokens: number;
  outputTokens: number;
}

/** Why the model stopped. `length`: `maxTokens` cut it off. `tool_calls` comes with tools. */
export type FinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'other';

/**
 * What comes of a call: pieces of text, how far it has come where the model knows, and at last one `finish`, with the
 * usage where the provider tells it.
 */
export type ModelPart =
  | { type: 'text'; text: string }
  | { type: 'progress'; percent: number }
  | { type: 'finish'; reason: FinishReason; usage: TokenUsage | null };
