import '@longhaul/kernel';
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { documentText, workspaceDocument } from './workspace-document';

/** `npm run openapi`: writes openapi.json, the document of the sample workspace, into the current directory. */
async function main(): Promise<void> {
  writeFileSync('openapi.json', documentText(await workspaceDocument('workspace')));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
