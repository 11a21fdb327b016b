import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { submitAndSettle } from './measures/measure';
import { BACKENDS, listOf } from './options';
import { spread } from './report/statistics';
import { table } from './report/table';
import { startServers, stopServers } from './servers';
import { LONGHAUL_NAMES, startLonghaul } from './targets/longhaul';
import { stopTarget } from './targets/target';

const ON = { name: 'with telemetry', yaml: 'server: { port: 0 }\nlog: { requests: true, format: json }' };
const OFF = {
  name: 'without',
  yaml: 'server: { port: 0, metrics: { enabled: false } }\nlog: { level: error, format: json }',
};

/** `npm run bench:telemetry`: no-op executions completed a second with metrics and a line for each request, and without, in turn. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      amount: { type: 'string', default: '2000' },
      only: { type: 'string', default: 'memory' },
    },
  });
  const backends = listOf('--only', values.only, BACKENDS);
  const [rounds, amount] = [Number(values.rounds), Number(values.amount)];
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  const servers = await startServers(backends);
  const rows: string[][] = [];
  try {
    for (const backend of backends) {
      const start = (settings: typeof ON) => startLonghaul({ backend, folder, servers, settings });
      const [told, silent] = [await start(ON), await start(OFF)];
      for (const target of [told, silent]) await submitAndSettle(target, 'noop', amount / 4);
      const rates: { on: number; off: number }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const rate = async (target: typeof told) => amount / ((await submitAndSettle(target, 'noop', amount)) / 1_000);
        // The first of a round is not always the same.
        if (round % 2 === 0) rates.push({ on: await rate(told), off: await rate(silent) });
        else {
          const off = await rate(silent);
          rates.push({ on: await rate(told), off });
        }
      }
      rows.push([
        LONGHAUL_NAMES[backend],
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
      for (const target of [told, silent]) await stopTarget(target);
    }
    console.log(`\n${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, ${rounds} rounds of ${amount}\n`);
    console.log(table(['target', 'metrics and logs on /s', 'off /s', 'on / off'], rows));
  } finally {
    stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
