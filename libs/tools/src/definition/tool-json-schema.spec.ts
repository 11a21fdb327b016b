import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { toolJsonSchema } from './tool-json-schema';

const COMMITTED = join(__dirname, '../../../../schema/tool.json');

describe('the JSON Schema for editors of TOOL.md', () => {
  it('is committed as it is generated; `npm run schema` writes it', () => {
    const generated = `${JSON.stringify(toolJsonSchema(), null, 2)}\n`;
    if (process.env['UPDATE_SCHEMA']) writeFileSync(COMMITTED, generated);
    expect(readFileSync(COMMITTED, 'utf8')).toBe(generated);
  });

  const validate = new Ajv({ strict: false, validateFormats: false }).compile(toolJsonSchema());
  const lines = (more: string) => `description: x\nkind: http\n${more}`;

  it.each(['http: { url: "https://a.example/{{args.x}}" }', 'timeout_s: 5', 'tags: [sends_out]'])(
    'accepts %s',
    (yaml) => {
      expect(validate(parse(lines(yaml)))).toBe(true);
    },
  );

  it.each(['http: { url: 5 }', 'effects: once', 'timeout: 5', 'command: { argv: ls }'])('marks %s', (yaml) => {
    expect(validate(parse(lines(yaml)))).toBe(false);
  });
});
