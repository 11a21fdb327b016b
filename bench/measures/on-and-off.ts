import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BACKENDS, type Backend, listOf } from '../options';
import { spread } from '../report/statistics';
import { table } from '../report/table';
import { type Servers, startServers, stopServers } from '../servers';
import { stopTarget, type Target } from '../targets/target';
import { submitAndSettle } from './measure';

export interface OnAndOff {
  /** Backends unless `--only` says others. */
  only: string;
  /** What the rates with it, without it, and their ratio are called. */
  columns: [on: string, off: string, ratio: string];
  start(place: { backend: Backend; folder: string; servers: Servers }): Promise<[on: Target, off: Target]>;
}

/** No-op executions completed a second with something and without it, in turn, and the spread over the rounds. */
export async function onAndOff({ only, columns, start }: OnAndOff): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      amount: { type: 'string', default: '2000' },
      only: { type: 'string', default: only },
    },
  });
  const backends = listOf('--only', values.only, BACKENDS);
  const [rounds, amount] = [Number(values.rounds), Number(values.amount)];
  const rate = async (target: Target) => amount / ((await submitAndSettle(target, 'noop', amount)) / 1_000);
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  const servers = await startServers(backends);
  const rows: string[][] = [];
  try {
    for (const backend of backends) {
      const [on, off] = await start({ backend, folder, servers });
      for (const target of [on, off]) await submitAndSettle(target, 'noop', amount / 4);
      const rates: { on: number; off: number }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        // The first of a round is not always the same.
        if (round % 2 === 0) rates.push({ on: await rate(on), off: await rate(off) });
        else {
          const without = await rate(off);
          rates.push({ on: await rate(on), off: without });
        }
      }
      const columnOf = (of: (one: (typeof rates)[number]) => number, digits: number) => spread(rates.map(of), digits);
      rows.push([
        on.name,
        columnOf((one) => one.on, 0),
        columnOf((one) => one.off, 0),
        columnOf((one) => one.on / one.off, 2),
      ]);
      for (const target of [on, off]) await stopTarget(target);
    }
    console.log(`\n${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, ${rounds} rounds of ${amount}\n`);
    console.log(table(['target', ...columns], rows));
  } finally {
    stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}
