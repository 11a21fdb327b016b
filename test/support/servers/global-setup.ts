import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REGISTRY_VARIABLE } from './registry';

/**
 * Makes the run's registry of servers, and a guard that outlives the run by a second: however jest ends, by
 * itself, with Ctrl-C or killed, the guard runs each server's clean-up lines.
 */
export default function globalSetup(): void {
  const registry = mkdtempSync(join(tmpdir(), 'longhaul-servers-'));
  process.env[REGISTRY_VARIABLE] = registry;
  const guard =
    'while kill -0 "$0" 2>/dev/null && [ -d "$1" ]; do sleep 1; done; ' +
    'for lines in "$1"/*.sh; do [ -f "$lines" ] && sh "$lines"; done; rm -rf "$1"';
  spawn('sh', ['-c', guard, `${process.pid}`, registry], { detached: true, stdio: 'ignore' }).unref();
}
