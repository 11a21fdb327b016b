import { isJsonObject, redact, REDACTED } from '@longhaul/kernel';

/**
 * Whatever is logged or attached to a span, without secrets in its texts, its names and, where one is all digits, its
 * numbers, however deep. A copy; getters are not asked, and what is of a class of its own stays as it is.
 */
export function redactValues<T>(value: T, secrets: readonly string[]): T {
  return secrets.length === 0 ? value : (without(value, secrets, new Map()) as T);
}

/** `seen`: what a thing became, for those that hold themselves. */
function without(value: unknown, secrets: readonly string[], seen: Map<unknown, unknown>): unknown {
  if (typeof value === 'string') return redact(value, secrets);
  if (typeof value === 'number' || typeof value === 'bigint') {
    return secrets.includes(String(value)) ? REDACTED : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const clean = (inner: unknown) => without(inner, secrets, seen);
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    seen.set(value, copy);
    for (const item of value) copy.push(clean(item));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    seen.set(value, copy);
    for (const [key, item] of value) copy.set(clean(key), clean(item));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    seen.set(value, copy);
    for (const item of value) copy.add(clean(item));
    return copy;
  }
  if (!isPlain(value) && !(value instanceof Error)) return value;
  // Only what was made as an error has a stack.
  const copy = value instanceof Error ? new Error() : {};
  Object.setPrototypeOf(copy, Object.getPrototypeOf(value) as object | null);
  seen.set(value, copy);
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    if (value instanceof Error && key === 'stack') continue;
    const cleaned = 'value' in property ? { ...property, value: clean(property.value) } : property;
    Object.defineProperty(copy, redact(key, secrets), cleaned);
  }
  if (value instanceof Error && copy instanceof Error) copy.stack = redact(String(value.stack), secrets);
  return copy;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return isJsonObject(value) && (prototype === Object.prototype || prototype === null);
}
