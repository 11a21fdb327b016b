import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { documentText, workspaceDocument } from '../../../api/src/openapi/workspace-document';
import { UsageError } from '../usage-error';

export async function writeWorkspaceDocument(folder: string): Promise<void> {
  const workspace = resolve(folder);
  if (!existsSync(workspace)) throw new UsageError(`--workspace: there is no directory ${workspace}`);
  process.stdout.write(documentText(await workspaceDocument(workspace)));
}
