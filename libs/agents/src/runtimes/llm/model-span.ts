import type { FoundModel, ModelCall, ModelMessage, TokenUsage, ToolRequest } from '@longhaul/models';
import { inSpan } from '@longhaul/telemetry';

/** What of a call's answer its span shows. */
interface Answered {
  text: string;
  reason: string;
  usage: TokenUsage | null;
  toolCalls?: readonly ToolRequest[];
}

/** One call to a model as a span, in the names of OpenTelemetry's GenAI conventions. What is said stays out unless `content`. */
export function inModelSpan<T extends Answered>(
  { provider, model }: FoundModel,
  call: ModelCall,
  content: boolean,
  fn: () => Promise<T>,
): Promise<T> {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider.name,
    'gen_ai.request.model': model,
    ...(call.temperature === undefined ? {} : { 'gen_ai.request.temperature': call.temperature }),
    ...(call.maxTokens === undefined ? {} : { 'gen_ai.request.max_tokens': call.maxTokens }),
    ...(content ? { 'gen_ai.input.messages': messagesOf(call) } : {}),
  };
  return inSpan(`chat ${model}`, { kind: 'client', attributes }, async (span) => {
    const answer = await fn();
    const { text, reason, usage, toolCalls = [] } = answer;
    span.setAttribute('gen_ai.response.finish_reasons', [reason]);
    if (usage) {
      span.setAttribute('gen_ai.usage.input_tokens', usage.inputTokens);
      span.setAttribute('gen_ai.usage.output_tokens', usage.outputTokens);
    }
    if (content)
      span.setAttribute('gen_ai.output.messages', JSON.stringify([message({ role: 'assistant', text, toolCalls })]));
    return answer;
  });
}

function messagesOf({ messages }: ModelCall): string {
  return JSON.stringify(messages.map(message));
}

function message(said: ModelMessage): object {
  if (said.role === 'tool') {
    return { role: 'tool', parts: [{ type: 'tool_call_response', id: said.callId, response: said.text }] };
  }
  const calls = said.role === 'assistant' ? (said.toolCalls ?? []) : [];
  const parts = calls.map(({ id, name, arguments: given }) => ({ type: 'tool_call', id, name, arguments: given }));
  return { role: said.role, parts: [{ type: 'text', content: said.text }, ...parts] };
}
