import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { REGISTRY_VARIABLE } from './registry';

/** Stops the run's shared servers, and private ones that a failed test left behind. */
export default function globalTeardown(): void {
  const registry = process.env[REGISTRY_VARIABLE];
  if (!registry) return;
  for (const file of readdirSync(registry)) {
    if (file.endsWith('.sh')) spawnSync('sh', [join(registry, file)], { stdio: 'ignore' });
  }
  rmSync(registry, { recursive: true, force: true });
}
