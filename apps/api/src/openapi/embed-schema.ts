import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';

/** Keywords whose value maps names to schemas: a name there is no keyword. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
/** Keywords whose value is data, not a schema. */
const DATA = new Set(['const', 'enum', 'default', 'example', 'examples']);

/**
 * A JSON Schema as a part of the document at `pointer` (`#/components/schemas/x`). Within it `#` meant the schema
 * itself and would now mean the document, so that references to it, to its parts and to its anchors are written anew.
 */
export function embedSchema(schema: JsonObject, pointer: string): JsonObject {
  const { $id: id, $schema: _, ...rest } = schema;
  const anchors = new Map(anchorsOf(rest, pointer));
  const resolve = (ref: string): string => {
    const hash = ref.indexOf('#');
    const base = hash < 0 ? ref : ref.slice(0, hash);
    if (base !== '' && base !== id) return ref;
    const fragment = hash < 0 ? '' : ref.slice(hash + 1);
    return fragment === '' || fragment.startsWith('/') ? pointer + fragment : (anchors.get(fragment) ?? ref);
  };
  const walk = (node: JsonValue, key = ''): JsonValue => {
    if (Array.isArray(node)) return node.map((item) => walk(item));
    if (!isJsonObject(node)) return node;
    const entries = Object.entries(node).flatMap(([name, value]): [string, JsonValue][] => {
      if (MAPS.has(key)) return [[name, walk(value)]];
      if (name === '$anchor' || DATA.has(name)) return name === '$anchor' ? [] : [[name, value]];
      if (name === '$ref' && typeof value === 'string') return [[name, resolve(value)]];
      return [[name, walk(value, name)]];
    });
    return Object.fromEntries(entries);
  };
  return walk(rest) as JsonObject;
}

/** Each `$anchor` with the pointer to its schema. */
function anchorsOf(node: JsonValue, pointer: string): [name: string, pointer: string][] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.entries(node).flatMap(([key, value]) => anchorsOf(value, `${pointer}/${escape(key)}`));
  const own = isJsonObject(node) ? node['$anchor'] : undefined;
  return typeof own === 'string' ? [[own, pointer], ...below] : below;
}

function escape(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
