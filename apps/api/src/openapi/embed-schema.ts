import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { fromDraft7, pointerFromDraft7 } from './draft-07';
import { changeSubschemas } from './schema-keywords';
import { baseOf, pointerOf, schemaPlaces, UNNAMED } from './schema-places';

/** Names of places, which are other places within the document, and what is said of the whole schema. */
const DROPPED = new Set(['$schema', '$id', '$anchor', '$dynamicAnchor', '$comment']);

/**
 * A JSON Schema as a part of the document at `root` (`#/components/schemas/x`). Within it `#` meant the schema itself
 * and would now mean the document: references to it, to its parts, its anchors and its `$id`s are written anew. Draft 7
 * is written as 2020-12, the dialect of OpenAPI 3.1.
 */
export function embedSchema(schema: JsonObject, root: string): JsonObject {
  const places = schemaPlaces(schema);
  const draft7 = typeof schema['$schema'] === 'string' && schema['$schema'].includes('draft-07');

  const rewrite = (part: JsonObject, outer: string): JsonObject => {
    const base = baseOf(part, outer);
    const written = draft7 ? fromDraft7(part) : part;
    return Object.fromEntries(
      Object.entries(written).flatMap(([keyword, value]): [string, JsonValue][] => {
        if (DROPPED.has(keyword)) return [];
        if ((keyword !== '$ref' && keyword !== '$dynamicRef') || typeof value !== 'string') {
          return [[keyword, changeSubschemas(keyword, value, (inner) => rewrite(inner, base))]];
        }
        const pointer = pointerOf(value, base, places);
        return [['$ref', pointer === undefined ? value : root + (draft7 ? pointerFromDraft7(pointer) : pointer)]];
      }),
    );
  };
  return rewrite(schema, UNNAMED);
}
