import { isJsonObject, type JsonObject, type JsonValue, PermanentError, redact } from '@longhaul/kernel';

/** More than a model is ever given, and less than a step may hold. */
const MAX_CHARS = 200_000;
const MAX_ERROR_CHARS = 4_000;

/**
 * What a tool's result holds for a model: its structured content, else its texts. Pictures and the like are named and
 * left out, and so are `secrets`. Throws a `PermanentError` with the text of a result that says of itself that it is an error.
 */
export function readAnswer(name: string, result: unknown, secrets: readonly string[] = []): JsonValue {
  const { content, structuredContent, isError } = isJsonObject(result) ? withoutSecrets(result, secrets, name) : {};
  const text = () => (Array.isArray(content) ? content : []).map(textOfBlock).join('\n\n');
  if (isError === true) {
    const message = text().slice(0, MAX_ERROR_CHARS) || 'the tool failed, and its server says no more';
    throw new PermanentError(message, { code: 'remote_error', details: { tool: name } });
  }
  if (!isJsonObject(structuredContent)) return cut(text());
  const json = jsonOf(structuredContent, name);
  return json.length > MAX_CHARS ? cut(json) : structuredContent;
}

/** Before anything is cut. A server that repeats what it was sent must not publish it. */
function withoutSecrets(result: JsonObject, secrets: readonly string[], name: string): JsonObject {
  if (secrets.length === 0) return result;
  const json = jsonOf(result, name);
  const clean = redact(json, secrets);
  return clean === json ? result : (JSON.parse(clean) as JsonObject);
}

function textOfBlock(block: unknown): string {
  if (!isJsonObject(block)) return '[a part that is not understood]';
  const { type, text, data, mimeType, resource, uri, name } = block;
  if (type === 'text' && typeof text === 'string') return text;
  if (type === 'image' || type === 'audio') return leftOut(`${type} ${shown(mimeType)}`, data);
  if (type === 'resource_link') return `[a link to ${shown(name)} at ${shown(uri)}]`;
  if (type === 'resource' && isJsonObject(resource)) {
    if (typeof resource['text'] === 'string') return resource['text'];
    return leftOut(`resource ${shown(resource['uri'])}`, resource['blob']);
  }
  return `[a part of type ${shown(type)}, which is not understood]`;
}

function shown(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.slice(0, 300) : 'that has none';
}

function leftOut(what: string, data: JsonValue | undefined): string {
  const bytes = typeof data === 'string' ? Math.floor((data.length * 3) / 4) : 0;
  return `[${what}, ${bytes} bytes, left out]`;
}

function cut(text: string): string {
  if (text.length <= MAX_CHARS) return text;
  return `${text.slice(0, MAX_CHARS)}\n[cut: ${MAX_CHARS} of ${text.length} characters]`;
}

/** What is nested deeper than the stack is no answer. */
function jsonOf(value: JsonObject, name: string): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new PermanentError(`${name}: its answer is nested too deeply`, { code: 'remote_error', cause });
  }
}
