import { type Issue, isJsonObject, LonghaulError } from '@longhaul/kernel';

const MAX_DEPTH = 32;

/**
 * Refuses what parses as JSON but is a danger further on: prototype keys (`invalid_json`), nesting deeper than 32 and
 * text that PostgreSQL does not store (`invalid_request`). `mayEscape` says that the text holds a `\u`: without one,
 * no string can hold NUL or half a surrogate pair.
 */
export function checkJson(value: unknown, mayEscape: boolean): void {
  const issues: Issue[] = [];
  const visit = (node: unknown, path: string, depth: number): void => {
    if (typeof node === 'string') {
      if (mayEscape) issues.push(...unstorable(node, path));
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    if (depth > MAX_DEPTH) throw invalid([{ path, message: `nested deeper than ${MAX_DEPTH} levels` }]);
    if (Array.isArray(node)) {
      node.forEach((item, index) => visit(item, `${path}[${index}]`, depth + 1));
      return;
    }
    for (const [key, item] of Object.entries(node)) {
      refusePrototypeKey(key, item, path);
      if (mayEscape) issues.push(...unstorable(key, path));
      visit(item, path === '' ? key : `${path}.${key}`, depth + 1);
    }
  };
  visit(value, '', 1);
  if (issues.length > 0) throw invalid(issues);
}

function refusePrototypeKey(key: string, item: unknown, path: string): void {
  const forbidden =
    key === '__proto__' || (key === 'constructor' && isJsonObject(item) && Object.hasOwn(item, 'prototype'));
  if (!forbidden) return;
  const message = `the key "${key}" is not allowed here`;
  throw new LonghaulError('invalid_json', `the body cannot be accepted: ${message}`, { issues: [{ path, message }] });
}

function unstorable(text: string, path: string): Issue[] {
  const found = [
    ...(text.includes('\0') ? ['a NUL character'] : []),
    ...(text.isWellFormed() ? [] : ['half of a surrogate pair']),
  ];
  return found.map((what) => ({ path, message: `text must not hold ${what}` }));
}

function invalid(issues: Issue[]): LonghaulError {
  const [first] = issues;
  return new LonghaulError('invalid_request', `${first?.path || 'the body'}: ${first?.message}`, { issues });
}
