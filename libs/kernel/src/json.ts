/** What can stand in a JSON document, and so in a request, a queue message or a `json` column. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON.stringify writes a lone surrogate, and only a lone one, as `\udXXX`, and NUL as `\u0000`. PostgreSQL takes
 * neither. The first group keeps an escaped backslash from being read as the start of an escape.
 */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/**
 * JSON text that every database stores: what agents and models hand over may contain NUL or half a character, and
 * that must not cost them their result; such a character becomes U+FFFD. Throws a TypeError for what is not JSON
 * (a cycle, a bigint).
 */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.includes('\\u') ? text.replace(UNSTORABLE, '$1\\ufffd') : text;
}
