import type { streamText as StreamText } from 'ai';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import type { FinishReason, ModelCall, ModelPart, TokenUsage, ToolRequest } from '../../model-call';
import { ModelProvider } from '../../model-provider';
import type { ProviderOptions } from '../../models-options';
import { CallLimits } from './call-limits';
import { loadSdk, type Sdk } from './load-sdk';
import { toModelError } from './model-error';
import { sdkMessages, sdkTools } from './sdk-messages';

type Part = ReturnType<typeof StreamText>['stream'] extends AsyncIterable<infer P> ? P : never;
type FinishStep = Extract<Part, { type: 'finish-step' }>;
type ToolCallPart = Extract<Part, { type: 'tool-call' }>;

/** What comes before the model has said anything. */
const OPENING: Part['type'][] = ['start', 'start-step'];

/** A provider that the AI SDK speaks to: OpenAI, Anthropic, Google, and whatever speaks OpenAI's protocol. */
export class AiSdkProvider extends ModelProvider {
  readonly name: string;
  private sdk: Promise<Sdk> | undefined;

  constructor(private readonly options: ProviderOptions) {
    super();
    this.name = options.name;
  }

  async *stream(call: ModelCall): AsyncGenerator<ModelPart> {
    const { signal } = call;
    signal.throwIfAborted();
    let limits: CallLimits | undefined;
    try {
      // That this process has to load it first takes none of the provider's time.
      const sdk = await this.load();
      limits = new CallLimits(this.options);
      yield* this.parts(this.open(sdk, call, limits.signal), limits);
    } catch (error) {
      signal.throwIfAborted();
      throw toModelError(limits?.signal.aborted ? limits.signal.reason : error, this.options, call.model);
    } finally {
      limits?.end();
    }
  }

  /** Once; but a load that failed is tried again by the next call. */
  private load(): Promise<Sdk> {
    this.sdk ??= loadSdk(this.options).catch((error: unknown) => {
      this.sdk = undefined;
      throw error;
    });
    return this.sdk;
  }

  /** `maxRetries: 0`: the run tries again, where it can be seen and counted. */
  private open(sdk: Sdk, call: ModelCall, limits: AbortSignal): AsyncIterable<Part> {
    const { ai, languageModel } = sdk;
    const { outputSchema, tools = [] } = call;
    return ai.streamText({
      model: languageModel(call.model),
      ...(call.instructions === '' ? {} : { instructions: call.instructions }),
      messages: sdkMessages(call.messages),
      ...(tools.length === 0 ? {} : { tools: sdkTools(sdk, tools) }),
      ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
      ...(call.maxTokens === undefined ? {} : { maxOutputTokens: call.maxTokens }),
      ...(outputSchema === undefined ? {} : { output: ai.Output.object({ schema: ai.jsonSchema(outputSchema) }) }),
      // Its strict mode knows only a part of JSON Schema and refuses the rest; the run checks the answer anyway.
      providerOptions: { openai: { strictJsonSchema: false } },
      maxRetries: 0,
      abortSignal: AbortSignal.any([call.signal, limits]),
      // Else the SDK prints it; it comes as a part as well.
      onError: () => undefined,
    }).stream;
  }

  private async *parts(stream: AsyncIterable<Part>, limits: CallLimits): AsyncGenerator<ModelPart> {
    let finish: FinishStep | undefined;
    for await (const part of stream) {
      if (part.type === 'error') throw part.error;
      if (part.type === 'abort') throw new Error('aborted');
      if (!OPENING.includes(part.type)) limits.heard();
      if (part.type === 'text-delta' && part.text !== '') yield { type: 'text', text: part.text };
      if (part.type === 'tool-call') yield { type: 'tool_call', ...toolRequest(part) };
      if (part.type === 'finish-step') finish = part;
    }
    // Without a reason of the provider's own the SDK makes one up when the stream just ends.
    if (finish?.rawFinishReason === undefined) throw new Error('the stream ended before the answer did');
    yield { type: 'finish', reason: reasonOf(finish.finishReason), usage: usageOf(finish.usage) };
  }
}

/** Arguments that are no JSON come as text, and a tool that was not offered under the name that the model gave it. */
function toolRequest({ toolCallId, toolName, input, providerMetadata }: ToolCallPart): ToolRequest {
  return {
    id: toolCallId,
    name: toolName,
    arguments: (input ?? {}) as JsonValue,
    ...(providerMetadata === undefined ? {} : { providerData: providerMetadata as JsonObject }),
  };
}

function reasonOf(reason: FinishStep['finishReason']): FinishReason {
  if (reason === 'stop' || reason === 'length') return reason;
  if (reason === 'content-filter') return 'content_filter';
  return reason === 'tool-calls' ? 'tool_calls' : 'other';
}

/** Null when the provider told none: no tokens would pass for a free answer. */
function usageOf(usage: FinishStep['usage']): TokenUsage | null {
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) return null;
  return {
    inputTokens: usage.inputTokens ?? 0,
    cachedInputTokens: usage.inputTokenDetails.cacheReadTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
  };
}
