import { isJsonObject } from '@longhaul/kernel';
import type { z } from 'zod';
import { childOf, shapeOf } from './schema-walk';

type CamelCase<S> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S;

/** T read-only and with camelCase keys; the keys of records are the user's own and stay. */
export type Camelized<T> = T extends readonly (infer Item)[]
  ? readonly Camelized<Item>[]
  : T extends object
    ? string extends keyof T
      ? { readonly [K in keyof T]: Camelized<T[K]> }
      : { readonly [K in keyof T as CamelCase<K>]: Camelized<T[K]> }
    : T;

/** The value in camelCase and frozen. The schema tells keys (renamed) from names that users chose (kept). */
export function camelize<T>(schema: z.ZodType<T>, value: T): Camelized<T>;
export function camelize(schema: z.core.$ZodType, value: unknown): unknown {
  return rename(schema, value);
}

function rename(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map((item, index) => rename(childOf(schema, index), item)));
  if (!isJsonObject(value)) return value;
  const isSection = schema !== undefined && shapeOf(schema) !== undefined;
  const entries = Object.entries(value).map(([key, item]) => [
    isSection ? camelCase(key) : key,
    rename(childOf(schema, key), item),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

export function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
