import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Protection } from '@longhaul/kernel';
import { submitAndSettle } from './measures/measure';
import { BACKENDS, listOf } from './options';
import { spread } from './report/statistics';
import { table } from './report/table';
import { startServers, stopServers } from './servers';
import { startLonghaul } from './targets/longhaul';
import { stopTarget } from './targets/target';

/** `npm run bench:fences`: no-op executions completed a second with the fence and without it, in turn. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      amount: { type: 'string', default: '2000' },
      only: { type: 'string', default: 'memory,redis' },
    },
  });
  const backends = listOf('--only', values.only, BACKENDS);
  const [rounds, amount] = [Number(values.rounds), Number(values.amount)];
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  const servers = await startServers(backends);
  const rows: string[][] = [];
  try {
    for (const backend of backends) {
      const start = (off: Protection[]) => startLonghaul({ backend, folder, servers, off });
      const [fenced, bare] = [await start([]), await start(['fence'])];
      for (const target of [fenced, bare]) await submitAndSettle(target, 'noop', amount / 4);
      const rates: { on: number; off: number }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const rate = async (target: typeof fenced) =>
          amount / ((await submitAndSettle(target, 'noop', amount)) / 1_000);
        // The first of a round is not always the same.
        if (round % 2 === 0) rates.push({ on: await rate(fenced), off: await rate(bare) });
        else {
          const off = await rate(bare);
          rates.push({ on: await rate(fenced), off });
        }
      }
      rows.push([
        fenced.name,
        spread(
          rates.map(({ on }) => on),
          0,
        ),
        spread(
          rates.map(({ off }) => off),
          0,
        ),
        spread(
          rates.map(({ on, off }) => on / off),
          2,
        ),
      ]);
      for (const target of [fenced, bare]) await stopTarget(target);
    }
    console.log(`\n${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, ${rounds} rounds of ${amount}\n`);
    console.log(table(['target', 'with the fence /s', 'without /s', 'with / without'], rows));
  } finally {
    stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
