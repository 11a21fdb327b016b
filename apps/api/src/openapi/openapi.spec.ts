import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020 } from 'ajv/dist/2020';
import { EXAMPLES } from './examples';
import { documentText, workspaceDocument } from './workspace-document';

const ROOT = join(__dirname, '../../../..');

describe('the OpenAPI document', () => {
  let document: OpenAPIObject;
  beforeAll(async () => (document = await workspaceDocument(join(ROOT, 'workspace'))));

  it('is the one that is committed; if not, run: npm run openapi', () => {
    expect(documentText(document)).toBe(readFileSync(join(ROOT, 'openapi.json'), 'utf8'));
  });

  it('has no reference that leads nowhere', () => {
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  it.each(Object.entries(EXAMPLES))('has an example of %s that fits its schema', (name, example) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'api', ...document });
    const validate = ajv.getSchema(`api#/components/schemas/${name}`);
    expect([validate?.(example), validate?.errors]).toEqual([true, null]);
  });

  it('says for every operation how it fails, as application/problem+json', () => {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const operation of [item.get, item.post]) {
        const failures = Object.entries(operation?.responses ?? {}).filter(([status]) => Number(status) >= 400);
        if (operation && path !== '/health/live') expect(failures.length).toBeGreaterThan(0);
        for (const [, failure] of failures) expect(failure).toHaveProperty(['content', 'application/problem+json']);
      }
    }
  });

  it('gives an agent with a schema an operation of its own', () => {
    const body = document.paths['/v1/agents/triage/invoke']?.post?.requestBody;
    expect(JSON.stringify(body)).toContain('#/components/schemas/invoke_triage_input');
    expect(document.components?.schemas?.['invoke_triage_input']).toHaveProperty('properties.subject');
  });
});
