import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { Ajv2020 } from 'ajv/dist/2020';
import { embedSchema } from './embed-schema';

const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';
const ROOT = '#/components/schemas/x';

/** Validates by the schema in its place, in a document that has other things under the same names. */
function inDocument(schema: JsonObject): (value: JsonValue) => boolean {
  const other = { $defs: { n: false, m: false, 'a/b': false, pair: false }, definitions: { n: false } };
  const document = { $id: 'api', ...other, components: { schemas: { x: embedSchema(schema, ROOT) } } };
  const ajv = new Ajv2020({ strict: false }).addSchema(document);
  return (value) => ajv.validate({ $ref: `api${ROOT}` }, value);
}

describe('a JSON Schema in a document', () => {
  it.each<[string, JsonObject, good: JsonValue, bad: JsonValue]>([
    ['a definition', { $defs: { n: { type: 'number' } }, $ref: '#/$defs/n' }, 1, 'x'],
    ['itself', { type: 'object', properties: { child: { $ref: '#' } } }, { child: { child: {} } }, { child: 1 }],
    ['a property', { properties: { a: { type: 'string' }, b: { $ref: '#/properties/a' } } }, { b: '' }, { b: 1 }],
    ['a name with a slash', { $defs: { 'a/b': { type: 'number' } }, $ref: '#/$defs/a~1b' }, 1, 'x'],
    ['an anchor', { $defs: { n: { $anchor: 'num', type: 'number' } }, $ref: '#num' }, 1, 'x'],
    ['a dynamic anchor', { $dynamicAnchor: 'me', type: 'array', items: { $dynamicRef: '#me' } }, [[]], [1]],
    ['its $id', { $id: 'https://a.test/s', $defs: { n: { type: 'number' } }, $ref: 's#/$defs/n' }, 1, 'x'],
    [
      'the $id of a part, and that part to its own definitions',
      {
        $ref: 'https://a.test/part',
        $defs: { p: { $id: 'https://a.test/part', $ref: '#/$defs/m', $defs: { m: { type: 'number' } } } },
      },
      1,
      'x',
    ],
    [
      'an item of a tuple of draft 7',
      {
        $schema: DRAFT_7,
        definitions: { pair: { items: [{ type: 'number' }, { $ref: '#/definitions/pair/items/0' }] } },
        $ref: '#/definitions/pair',
      },
      [1, 2],
      [1, 'x'],
    ],
    [
      'a name of draft 7, beside which nothing is read',
      {
        $schema: DRAFT_7,
        definitions: { n: { $id: '#num', type: 'number' } },
        properties: { a: { $ref: '#num', type: 'string' } },
      },
      { a: 1 },
      { a: 'x' },
    ],
  ])('still refers to %s', (_, schema, good, bad) => {
    const validate = inDocument(schema);
    expect([validate(good), validate(bad)]).toEqual([true, false]);
  });

  it('keeps what is data, although it looks like a reference', () => {
    const data = { $ref: '#/nowhere', $id: 'x', $anchor: 'y' };
    const schema = {
      properties: { $ref: { type: 'string' }, properties: { const: data } },
      default: data,
      'x-own': data,
    };
    expect(embedSchema(schema, ROOT)).toEqual(schema);
  });

  it('keeps a reference to a meta-schema', () => {
    const schema = { properties: { schema: { $ref: 'https://json-schema.org/draft/2020-12/schema' } } };
    expect(embedSchema(schema, ROOT)).toEqual(schema);
  });

  it('is in draft 2020-12 when it was in draft 7', () => {
    const schema = {
      $schema: DRAFT_7,
      items: [{ type: 'string' }],
      additionalItems: false,
      dependencies: { a: ['b'], c: { required: ['d'] } },
    };
    expect(embedSchema(schema, ROOT)).toEqual({
      prefixItems: [{ type: 'string' }],
      items: false,
      dependentRequired: { a: ['b'] },
      dependentSchemas: { c: { required: ['d'] } },
    });
  });
});
