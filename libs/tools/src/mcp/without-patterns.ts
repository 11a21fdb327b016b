import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';

/** Keywords whose keys are names that the schema's author chose. */
const MAPS_OF_SCHEMAS = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);
const MAX_DEPTH = 100;
/** Keywords that hold values, not schemas. */
const VALUES = new Set(['const', 'enum', 'default', 'examples', 'required']);

/**
 * A server's schema without its regular expressions, which stand in the descriptions instead: we would run a stranger's
 * expression on a text that a stranger may have dictated, and some take years. The server checks its arguments itself.
 * Throws an Error for one that is nested without end.
 */
export function withoutPatterns(schema: JsonObject, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} levels deep`);
  const { pattern, patternProperties, ...rest } = schema;
  if (patternProperties !== undefined) {
    delete rest['additionalProperties'];
    delete rest['unevaluatedProperties'];
  }
  const kept = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, inKeyword(key, value, depth)]));
  if (typeof pattern !== 'string') return kept;
  const description = typeof rest['description'] === 'string' ? `${rest['description']} ` : '';
  return { ...kept, description: `${description}(must match ${pattern})` };
}

function inKeyword(key: string, value: JsonValue, depth: number): JsonValue {
  if (VALUES.has(key)) return value;
  if (MAPS_OF_SCHEMAS.has(key) && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, inSchema(schema, depth)]));
  }
  return inSchema(value, depth);
}

function inSchema(value: JsonValue, depth: number): JsonValue {
  if (Array.isArray(value)) return value.map((item) => inSchema(item, depth + 1));
  return isJsonObject(value) ? withoutPatterns(value, depth + 1) : value;
}
