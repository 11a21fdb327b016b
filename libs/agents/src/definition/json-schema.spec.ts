import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { agentJsonSchema } from './json-schema';

const COMMITTED = join(__dirname, '../../../../schema/agent.json');

describe('the JSON Schema for editors', () => {
  it('is committed as it is generated; `npm run schema` writes it', () => {
    const generated = `${JSON.stringify(agentJsonSchema(), null, 2)}\n`;
    if (process.env['UPDATE_SCHEMA']) writeFileSync(COMMITTED, generated);
    expect(readFileSync(COMMITTED, 'utf8')).toBe(generated);
  });

  const validate = new Ajv({ strict: false, validateFormats: false }).compile(agentJsonSchema());

  it.each(['name: a\nversion: 1\nexecution_mode: async', 'limits: { timeout_s: 10 }', 'memory: { enabled: true }'])(
    'accepts %s',
    (yaml) => {
      expect(validate(parse(yaml))).toBe(true);
    },
  );

  it.each(['execution_mode: asynch', 'limits: { timeout: 10 }', 'desciption: x', 'budget: -5'])('marks %s', (yaml) => {
    expect(validate(parse(yaml))).toBe(false);
  });
});
