import { z } from 'zod';
import { unwrap } from './schema-walk';

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;
const BOOLEANS = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

/**
 * Text from the environment as what the schema wants there: numbers, booleans, lists (JSON or comma-separated),
 * mappings (JSON). What does not fit stays text, so that the schema's own error names it.
 */
export function coerce(schema: z.core.$ZodType | undefined, text: string): unknown {
  const bare = schema && unwrap(schema);
  const trimmed = text.trim();
  if (bare instanceof z.ZodNumber) return NUMBER.test(trimmed) ? Number(trimmed) : text;
  if (bare instanceof z.ZodBoolean) return BOOLEANS.get(trimmed.toLowerCase()) ?? text;
  if (bare instanceof z.ZodObject || bare instanceof z.ZodRecord) return parseJson(text);
  if (!(bare instanceof z.ZodArray)) return text;
  if (trimmed.startsWith('[')) return parseJson(text);
  const items = trimmed.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '').map((item) => coerce(bare.element, item));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
