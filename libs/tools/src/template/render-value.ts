import { type JsonValue, PermanentError } from '@longhaul/kernel';
import type { TemplateScope, TemplateValues } from './template-scope';

/** The value of a placeholder. Throws `invalid_input` where there is none: missing, or null. */
export function valueOf(path: readonly string[], { scope, read }: TemplateValues): JsonValue {
  const value = read(path);
  if (value !== undefined && value !== null) return value;
  throw refusedValue(scope, path, `is missing, and is needed: send it, or give it a default in ${scope.schemaKey}`);
}

/** A value that can stand within a text. Throws `invalid_input` for an array, an object, and NUL. */
export function scalarText(path: readonly string[], value: JsonValue, scope: TemplateScope): string {
  if (typeof value === 'object') {
    const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    throw refusedValue(scope, path, `expected text, a number, true or false, got ${found}`);
  }
  const text = String(value);
  if (text.includes('\0')) throw refusedValue(scope, path, 'holds NUL, which cannot be passed on: send it without');
  return text;
}

/** For good: the same value will not do another time. */
export function refusedValue({ root }: TemplateScope, path: readonly string[], message: string): PermanentError {
  return new PermanentError(`${root}.${path.join('.')}: ${message}`, { code: 'invalid_input' });
}
