import { isJsonObject, type JsonValue } from '@longhaul/kernel';

/**
 * What of a step's result is what was said. A model's answer also has the name of its step, the provider's own names for
 * its calls, and what it took: of two answers that say the same, these differ.
 */
export function essence(key: string, result: JsonValue): JsonValue {
  if (!key.startsWith('model:') || !isJsonObject(result) || typeof result['stepId'] !== 'string') return result;
  const { stepId: _step, tokens: _tokens, toolCalls, ...said } = result;
  if (!Array.isArray(toolCalls)) return said;
  const calls = toolCalls.map((call) => {
    if (!isJsonObject(call)) return call;
    const { id: _id, providerData: _data, ...wanted } = call;
    return wanted;
  });
  return { ...said, toolCalls: calls };
}
