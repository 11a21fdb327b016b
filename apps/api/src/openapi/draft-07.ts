import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';

/** Draft 7 reads nothing that stands beside a `$ref`; these say no more than what is meant, or hold what is named. */
const BESIDE_REF = new Set(['$ref', '$id', 'definitions', '$defs', 'title', 'description']);

/** One schema of draft 7, its subschemas aside, as 2020-12 writes it. */
export function fromDraft7(schema: JsonObject): JsonObject {
  if (typeof schema['$ref'] === 'string') {
    return Object.fromEntries(Object.entries(schema).filter(([keyword]) => BESIDE_REF.has(keyword)));
  }
  const { items, additionalItems, dependencies, ...rest } = schema;
  return {
    ...rest,
    ...(Array.isArray(items) ? tuple(items, additionalItems) : given('items', items)),
    ...(isJsonObject(dependencies) ? dependents(dependencies) : {}),
  };
}

/** A JSON pointer into a schema of draft 7 as one into what `fromDraft7` made of it. */
export function pointerFromDraft7(pointer: string): string {
  return pointer.replaceAll(/\/items\/(?=\d+(?:\/|$))/g, '/prefixItems/');
}

function tuple(items: JsonValue[], rest: JsonValue | undefined): JsonObject {
  return { prefixItems: items, ...given('items', rest) };
}

function dependents(dependencies: JsonObject): JsonObject {
  const entries = Object.entries(dependencies);
  const required = entries.filter(([, value]) => Array.isArray(value));
  const schemas = entries.filter(([, value]) => !Array.isArray(value));
  return { dependentRequired: Object.fromEntries(required), dependentSchemas: Object.fromEntries(schemas) };
}

function given(keyword: string, value: JsonValue | undefined): JsonObject {
  return value === undefined ? {} : { [keyword]: value };
}
