import type { JsonObject, JsonValue } from '@longhaul/kernel';

/** One piece of what was said: by the user, by the model (with the tools that it wants called), or by a tool. */
export type ModelMessage =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls?: readonly ToolRequest[] }
  | { role: 'tool'; callId: string; name: string; text: string; isError?: boolean };

/** A tool as a model is told of it. */
export interface OfferedTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments, which are an object. */
  parameters: JsonObject;
}

/** A tool that a model wants called. Whoever asked the model calls it; a provider never does. */
export interface ToolRequest {
  /** The model's name for this call; its answer goes back under it. */
  id: string;
  name: string;
  /** What the model wrote, checked by nobody. Text where it is no JSON, as it is when the answer was cut off. */
  arguments: JsonValue;
  /** What the provider wants to see again beside the call, such as a signature of what the model thought. */
  providerData?: JsonObject;
}

/** One question to a model. Plain data but for the signal; the same for every provider. */
export interface ModelCall {
  /** The name after the slash: `gpt-5-mini` of `openai/gpt-5-mini`. */
  model: string;
  /** The system prompt; empty = none. */
  instructions: string;
  /** Oldest first; the last one is the user's or a tool's. */
  messages: readonly ModelMessage[];
  /** 0 to 2; the provider's own when absent. */
  temperature?: number;
  /** Most tokens of the answer; the provider's own when absent. */
  maxTokens?: number;
  /** The answer must be JSON that fits this JSON Schema. Asked for in the provider's own way where it has one. */
  outputSchema?: JsonObject;
  /** What the model may ask to be called; none when absent. */
  tools?: readonly OfferedTool[];
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

/** Why the model stopped. `length`: `maxTokens` cut it off. Some say `stop` although they want a tool called. */
export type FinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'other';

/**
 * What comes of a call: pieces of text, tools that the model wants called, how far it has come where the model knows,
 * and at last one `finish`, with the usage where the provider tells it.
 */
export type ModelPart =
  | { type: 'text'; text: string }
  | ({ type: 'tool_call' } & ToolRequest)
  | { type: 'progress'; percent: number }
  | { type: 'finish'; reason: FinishReason; usage: TokenUsage | null };
