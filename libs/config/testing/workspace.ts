import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadGatewayConfig } from '../src';
import type { GatewayConfig } from '../src';

const made: string[] = [];
afterAll(() => made.splice(0).forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** A workspace of its own with these files (path to content); removed after the tests of the file. */
export function makeWorkspace(files: Record<string, string | Uint8Array> = {}): string {
  const workspace = mkdtempSync(join(tmpdir(), 'longhaul-workspace-'));
  made.push(workspace);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
  return workspace;
}

/** The configuration of an empty workspace with these variables: `{ LONGHAUL_QUEUE__BACKEND: 'memory' }`. */
export function testGatewayConfig(env: Record<string, string> = {}): GatewayConfig {
  return loadGatewayConfig({ workspace: makeWorkspace(), env }).config;
}
