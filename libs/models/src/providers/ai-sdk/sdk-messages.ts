import type { ModelMessage as SdkMessage, ToolSet } from 'ai';
import { isJsonObject } from '@longhaul/kernel';
import type { ModelMessage, OfferedTool, ToolRequest } from '../../model-call';
import type { Sdk } from './load-sdk';

/** A conversation in the SDK's words. */
export function sdkMessages(messages: readonly ModelMessage[]): SdkMessage[] {
  return messages.map((message): SdkMessage => {
    switch (message.role) {
      case 'user':
        return { role: 'user', content: message.text };
      case 'assistant':
        return { role: 'assistant', content: contentOf(message.text, message.toolCalls ?? []) };
      case 'tool': {
        const { callId: toolCallId, name: toolName, text: value, isError } = message;
        const output = { type: isError ? ('error-text' as const) : ('text' as const), value };
        return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] };
      }
    }
  });
}

/** Without `execute`: the SDK calls none, and its answer ends where the model wants one called. */
export function sdkTools({ ai }: Sdk, tools: readonly OfferedTool[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, parameters }) => [
      name,
      ai.tool({ description, inputSchema: ai.jsonSchema(parameters) }),
    ]),
  );
}

function contentOf(text: string, calls: readonly ToolRequest[]): Extract<SdkMessage, { role: 'assistant' }>['content'] {
  if (calls.length === 0) return text;
  return [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...calls.map(callPart)];
}

function callPart({ id: toolCallId, name: toolName, arguments: given, providerData }: ToolRequest) {
  return {
    type: 'tool-call' as const,
    toolCallId,
    toolName,
    // No provider takes back what is no object, not even from the model that wrote it.
    input: isJsonObject(given) ? given : { unreadable: given },
    ...(providerData === undefined ? {} : { providerOptions: providerData as Record<string, never> }),
  };
}
