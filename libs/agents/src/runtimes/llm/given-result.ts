import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';
import { wrapped } from './tools/tool-texts';

const MODEL = /^model:(\d+)(:fallback)?(:\d+)?$/;
const TOOL = /^tool:(\d+):(\d+)(:\d+)?$/;

/** Those of these steps of which must be known what they have recorded to give this one another result. */
export function neededFor(key: string, all: readonly string[]): string[] {
  const turn = TOOL.exec(key)?.[1];
  return turn === undefined ? [key] : [key, ...all.filter((one) => MODEL.exec(one)?.[1] === turn)];
}

/**
 * What somebody writes as the result of a step of the loop, in the form in which the loop records it: of a model's
 * answer its text, or `{ text, toolCalls }`; of a tool's its text, which is wrapped as the tool's own would be, or
 * `{ text, isError }`, which is not. `wrong`: a sentence where it is neither.
 */
export function givenResult(
  step: { key: string; id: string },
  value: JsonValue,
  recorded: ReadonlyMap<string, JsonValue>,
): { result: JsonValue } | { wrong: string } {
  const tool = TOOL.exec(step.key);
  if (tool) {
    const answers = [...recorded].filter(([key]) => MODEL.exec(key)?.[1] === tool[1]).map(([, answer]) => answer);
    return toolResult(value, toolName(Number(tool[2]), answers), recorded.get(step.key));
  }
  return MODEL.test(step.key) ? modelResult(step.id, value, recorded.get(step.key)) : { result: value };
}

function toolResult(
  value: JsonValue,
  name: string,
  before: JsonValue = null,
): { result: JsonValue } | { wrong: string } {
  // What it could have heard it has heard, whatever it is now told.
  const tags: JsonObject = isJsonObject(before) && Array.isArray(before['tags']) ? { tags: before['tags'] } : {};
  if (typeof value === 'string') return { result: { text: wrapped(name, value), ...tags } };
  if (isJsonObject(value) && typeof value['text'] === 'string' && isFlag(value['isError'])) {
    const { text, isError } = value;
    return { result: { text, ...(isError === true ? { isError } : {}), ...tags } };
  }
  return { wrong: 'is what a tool answered: a text, or { "text": …, "isError": true }' };
}

const isFlag = (value: JsonValue | undefined) => value === undefined || typeof value === 'boolean';

/** Of the call with that number, as the model named it. */
function toolName(number: number, answers: JsonValue[]): string {
  const names = answers.flatMap((answer) => callsOf(answer).at(number - 1) ?? []);
  const [name] = names.map((call) => (isJsonObject(call) ? call['name'] : undefined));
  return typeof name === 'string' ? name : 'that was called';
}

function modelResult(
  stepId: string,
  value: JsonValue,
  before: JsonValue = null,
): { result: JsonValue } | { wrong: string } {
  const said: JsonObject | null = typeof value === 'string' ? { text: value } : isJsonObject(value) ? value : null;
  const text = said?.['text'];
  const calls = callsOf(said);
  const isSaid = typeof text === 'string' && (text.trim() !== '' || calls.length > 0);
  if (!isSaid || !calls.every(isCall)) {
    return {
      wrong: 'is what a model answered: a text, or { "text": …, "toolCalls": [{ "id", "name", "arguments" }] }',
    };
  }
  const tokens: JsonObject =
    isJsonObject(before) && typeof before['tokens'] === 'number' ? { tokens: before['tokens'] } : {};
  const how: JsonObject = calls.length === 0 ? { reason: 'stop' } : { reason: 'tool_calls', toolCalls: calls };
  return { result: { stepId, text, ...how, ...tokens } };
}

function callsOf(answer: JsonValue): JsonValue[] {
  const calls = isJsonObject(answer) ? answer['toolCalls'] : undefined;
  return Array.isArray(calls) ? calls : [];
}

function isCall(call: JsonValue): boolean {
  if (!isJsonObject(call) || call['arguments'] === undefined) return false;
  return typeof call['id'] === 'string' && typeof call['name'] === 'string';
}
