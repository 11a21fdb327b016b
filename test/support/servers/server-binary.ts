import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ServerName } from './server-names';

export type ServerSource = { kind: 'binary'; path: string } | { kind: 'docker'; image: string };

/** Two test files may find their servers missing at once. */
const WAIT_FOR_LOCK = ['-o', 'DPkg::Lock::Timeout=240'];

/**
 * Where a server comes from: PATH, else Docker when its daemon answers, else (root on Debian or Ubuntu) apt-get, which
 * is announced. Throws naming what is missing and the mends.
 */
export function findServer(server: {
  name: ServerName;
  binary: string;
  alsoIn?: string;
  image: string;
  aptPackage: string;
}): ServerSource {
  const found = findBinary(server.binary, server.alsoIn);
  if (found) return { kind: 'binary', path: found };
  if (succeeds('docker', ['info'])) return { kind: 'docker', image: server.image };
  if (process.getuid?.() === 0 && findBinary('apt-get')) {
    process.stderr.write(`\ntests: ${server.binary} is missing; installing ${server.aptPackage} with apt-get\n`);
    succeeds('apt-get', [...WAIT_FOR_LOCK, 'update']);
    succeeds('apt-get', [...WAIT_FOR_LOCK, 'install', '-y', '--no-install-recommends', server.aptPackage]);
    const installed = findBinary(server.binary, server.alsoIn);
    if (installed) return { kind: 'binary', path: installed };
  }
  throw new Error(
    `${server.name} is needed by this test: no ${server.binary} on PATH, no Docker daemon, and it could not be ` +
      `installed with apt-get. Install ${server.aptPackage}, start Docker, or skip its tests visibly with ` +
      `LONGHAUL_TEST_SKIP=${server.name}.`,
  );
}

function findBinary(name: string, alsoIn?: string): string | undefined {
  const folders = [...(alsoIn ? [alsoIn] : []), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function succeeds(command: string, args: string[]): boolean {
  // RUNLEVEL=1 keeps a package's own service from being started.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  return spawnSync(command, args, { env, stdio: 'ignore', timeout: 300_000 }).status === 0;
}
