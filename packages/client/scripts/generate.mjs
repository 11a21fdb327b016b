// `npm run client`: writes src/openapi.ts, the types of openapi.json; with --check it fails when they are out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTypescript, { astToString } from 'openapi-typescript';

const source = new URL('../../../openapi.json', import.meta.url);
const target = new URL('../src/openapi.ts', import.meta.url);

const document = JSON.parse(readFileSync(source, 'utf8'));
// An agent's own typed operation is of one workspace; the client is for all.
for (const path of Object.keys(document.paths)) {
  if (/^\/v1\/agents\/[^/{]+\//.test(path)) delete document.paths[path];
}
const types = astToString(await openapiTypescript(withoutExamples(document)));
const text = `// Generated from openapi.json by \`npm run client\`.\n${types}`;

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('packages/client/src/openapi.ts is out of date: run npm run client and commit the outcome');
  process.exit(1);
}

/** They are in the interactive reference; here they would be three quarters of the file. */
function withoutExamples(node) {
  if (Array.isArray(node)) return node.map(withoutExamples);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => key !== 'example' && key !== 'examples');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutExamples(value)]));
}
