import type { JsonValue } from '@longhaul/kernel';
import type { HttpToolOptions } from './http-schema';

interface PlacedText {
  path: (string | number)[];
  text: string;
}

/** Every text that may hold placeholders, with its place. */
export function textsOf({ url, headers, query, body }: HttpToolOptions): PlacedText[] {
  return [
    { path: ['url'], text: url },
    ...textsIn(headers ?? {}, ['headers']),
    ...textsIn(query ?? {}, ['query']),
    ...textsIn(body ?? null, ['body']),
  ];
}

function textsIn(value: JsonValue, path: (string | number)[]): PlacedText[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, item]) => textsIn(item, [...path, key]));
}
