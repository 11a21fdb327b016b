import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';

/** Keywords of JSON Schema that hold schemas, by the form in which they do. Everything else is data. */
const ONE = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const LISTS = new Set(['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems']);
const MAPS = new Set(['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties']);

/** A schema below a keyword, with the keys that lead to it. */
export type Change = (schema: JsonObject, keys: string[]) => JsonValue;

/** The keyword's value with `change` made to each schema that it directly holds. */
export function changeSubschemas(keyword: string, value: JsonValue, change: Change): JsonValue {
  const one = (part: JsonValue, keys: string[]) => (isJsonObject(part) ? change(part, keys) : part);
  if (LISTS.has(keyword) && Array.isArray(value)) return value.map((part, index) => one(part, [String(index)]));
  if (ONE.has(keyword)) return one(value, []);
  if (!MAPS.has(keyword) || !isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, one(part, [name])]));
}
