import type { z } from 'zod';
import type { Camelized } from './camelize';
import type { ConfigPath } from './config-path';
import type { Override } from './environment';
import { childOf, shapeOf } from './schema-walk';
import type { gatewaySchema } from './schema/gateway-schema';

/** The keys of gateway.yaml as options in code: in camelCase, every one optional. */
export type ConfigOptions = Camelized<z.input<typeof gatewaySchema>>;

/** `{ queue: { redisUrl } }` -> `queue.redis_url`: what code sets, key by key. What is undefined is not set. */
export function readOptions(schema: z.core.$ZodType, options: object): Override[] {
  return leaves(schema, options, [], []);
}

function leaves(
  schema: z.core.$ZodType | undefined,
  value: unknown,
  path: ConfigPath,
  names: readonly string[],
): Override[] {
  if (value === undefined) return [];
  if (!schema || !shapeOf(schema) || !isPlain(value)) {
    return [{ variable: `option ${names.join('.')}`, source: 'code', path, value: toWire(schema, value) }];
  }
  return Object.entries(value).flatMap(([name, item]) => {
    const key = snakeCase(name);
    return leaves(childOf(schema, key), item, [...path, key], [...names, name]);
  });
}

/** In the names of the file: the keys of sections are renamed, names that users chose are kept. */
function toWire(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => toWire(childOf(schema, index), item));
  if (!isPlain(value)) return value;
  const isSection = schema !== undefined && shapeOf(schema) !== undefined;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([name, item]) => {
      const key = isSection ? snakeCase(name) : name;
      return [key, toWire(childOf(schema, key), item)];
    }),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
