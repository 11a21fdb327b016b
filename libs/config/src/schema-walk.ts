import { z } from 'zod';
import type { ConfigPath } from './config-path';

/** The schema without its wrappers (default, prefault, optional). */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return unwrap(schema.def.innerType);
  }
  return schema;
}

/** The keys of a section and their schemas; undefined when the schema is no section. */
export function shapeOf(schema: z.core.$ZodType): Record<string, z.core.$ZodType> | undefined {
  const bare = unwrap(schema);
  return bare instanceof z.ZodObject ? bare.shape : undefined;
}

/** What the schema wants one step down, or undefined when it knows no such place. */
export function childOf(schema: z.core.$ZodType | undefined, part: PropertyKey): z.core.$ZodType | undefined {
  if (!schema) return undefined;
  const shape = shapeOf(schema);
  if (shape) return Object.hasOwn(shape, part) ? shape[String(part)] : undefined;
  const bare = unwrap(schema);
  if (bare instanceof z.ZodRecord) return bare.valueType;
  return bare instanceof z.ZodArray && typeof part === 'number' ? bare.element : undefined;
}

export function schemaAt(root: z.core.$ZodType, path: ConfigPath): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>(childOf, root);
}

/** The paths of all keys that are no sections: a list or a mapping of the user's counts as one key. */
export function leafPaths(schema: z.core.$ZodType, above: string[] = []): string[][] {
  const shape = shapeOf(schema);
  if (!shape) return [above];
  return Object.entries(shape).flatMap(([key, child]) => leafPaths(child, [...above, key]));
}

/** What a key is for, in the schema's words. */
export function purposeOf(schema: z.core.$ZodType | undefined): string | undefined {
  if (schema instanceof z.ZodType && schema.description) return schema.description;
  const bare = schema && unwrap(schema);
  return bare instanceof z.ZodType ? bare.description : undefined;
}

/** What stands at a place of a document; undefined when there is nothing. */
export function valueAt(document: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((node, part) => {
    return typeof node === 'object' && node !== null && Object.hasOwn(node, part) ? Reflect.get(node, part) : undefined;
  }, document);
}
