import { isJsonObject, redact } from '@longhaul/kernel';

/** One line of JSON without the secrets, and JSON still: also where a secret has quotes, or looks like a number. */
export function redactLine(line: string, secrets: readonly string[]): string {
  if (!secrets.some((secret) => line.includes(secret) || line.includes(JSON.stringify(secret).slice(1, -1)))) {
    return line;
  }
  try {
    return `${JSON.stringify(without(JSON.parse(line), secrets))}\n`;
  } catch {
    return redact(line, secrets);
  }
}

function without(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return redact(value, secrets);
  if (Array.isArray(value)) return value.map((item) => without(item, secrets));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key, secrets), without(item, secrets)]));
}
