import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { gatewayJsonSchema } from './json-schema';

const COMMITTED = join(__dirname, '../../../schema/gateway.json');

describe('the JSON Schema for editors', () => {
  it('is committed as it is generated; `npm run schema` writes it', () => {
    const generated = `${JSON.stringify(gatewayJsonSchema(), null, 2)}\n`;
    if (process.env['UPDATE_SCHEMA']) writeFileSync(COMMITTED, generated);
    expect(readFileSync(COMMITTED, 'utf8')).toBe(generated);
  });

  const validate = new Ajv({ strict: false }).compile(gatewayJsonSchema());

  it.each([
    'queue: { backend: redis, workers: 8 }',
    'server: { port: "${PORT:-8000}" }',
    'auth: { mode: api_key, api_keys: [{ name: ci, key: "${CI_KEY}" }] }',
  ])('accepts %s', (yaml) => {
    expect(validate(parse(yaml))).toBe(true);
  });

  it.each(['queue: { backend: kafka }', 'server: { port: 99999 }', 'quue: {}', 'queue: { workers: lots }'])(
    'marks %s',
    (yaml) => {
      expect(validate(parse(yaml))).toBe(false);
    },
  );
});
