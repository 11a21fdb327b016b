import type { JsonObject } from '@longhaul/kernel';
import { changeSubschemas } from './schema-keywords';

/** What a schema without an `$id` of its own is called while its references are looked up. */
export const UNNAMED = 'schema:/agent';

/** Every place of a schema that a `$ref` may name, by its absolute URI -> its JSON pointer from the root. */
export function schemaPlaces(root: JsonObject): ReadonlyMap<string, string> {
  const places = new Map([[UNNAMED, '']]);
  const visit = (schema: JsonObject, pointer: string, outer: string) => {
    const base = baseOf(schema, outer);
    if (base !== outer) places.set(base, pointer);
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const name = schema[keyword];
      if (typeof name === 'string') places.set(`${base}#${name}`, pointer);
    }
    // Draft 7 has no $anchor: it writes the name as an $id.
    if (typeof schema['$id'] === 'string' && schema['$id'].startsWith('#')) {
      places.set(`${base}${schema['$id']}`, pointer);
    }
    for (const [keyword, value] of Object.entries(schema)) {
      changeSubschemas(keyword, value, (part, keys) => {
        visit(
          part,
          [pointer, keyword, ...keys].map((key, index) => (index === 0 ? key : escaped(key))).join('/'),
          base,
        );
        return part;
      });
    }
  };
  visit(root, '', UNNAMED);
  return places;
}

/** What references inside of this schema are relative to. */
export function baseOf({ $id }: JsonObject, outer: string): string {
  if (typeof $id !== 'string' || $id.startsWith('#') || !URL.canParse($id, outer)) return outer;
  return new URL($id, outer).href.replace(/#$/, '');
}

/** The JSON pointer that a `$ref` means; undefined for what is outside of the schema, such as a meta-schema. */
export function pointerOf(ref: string, base: string, places: ReadonlyMap<string, string>): string | undefined {
  if (!URL.canParse(ref, base)) return undefined;
  const [resource = '', fragment = ''] = new URL(ref, base).href.split('#');
  if (!fragment.startsWith('/')) return places.get(fragment === '' ? resource : `${resource}#${fragment}`);
  const start = places.get(resource);
  return start === undefined ? undefined : start + fragment;
}

function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
}
