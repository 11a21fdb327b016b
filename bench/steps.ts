import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { PersistenceOptions } from '@longhaul/database';
import { STEP_EFFECTS, type StepEffects } from '@longhaul/executions';
import type { StepFloor } from './floor/step-floor';
import { PostgresStepFloor } from './floor/postgres-step-floor';
import { SqliteStepFloor } from './floor/sqlite-step-floor';
import { JournalTarget } from './targets/journal-target';
import { spread } from './report/statistics';
import { table } from './report/table';
import { newDatabase, startServers, stopServers } from './servers';

const STEPS = 20;
const AT_ONCE = [1, 32];
const WARM_UP = 2;
const RESULT = { text: 'x'.repeat(2_048) };

type Side = (executions: number) => Promise<void>;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', default: 'sqlite,postgres' },
  },
});
const ROUNDS = Number(options.rounds);

/** Steps a second, of 20 steps one after the other in each of so many executions at once. */
async function rateOf(side: Side, executions: number): Promise<number> {
  const startedAt = performance.now();
  await side(executions);
  return (STEPS * executions) / ((performance.now() - startedAt) / 1_000);
}

/** Floor and journal in turn, so that what else the machine does falls on all of them; first one first, then last. */
async function compare(
  sides: Record<string, Side>,
  prepare: Side,
  executions: number,
): Promise<Record<string, number[]>> {
  const rates: Record<string, number[]> = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const order = Object.entries(sides);
    for (const [name, side] of round % 2 === 0 ? order : order.toReversed()) {
      await prepare(executions);
      const rate = await rateOf(side, executions);
      if (round >= 0) rates[name]?.push(rate);
    }
  }
  return rates;
}

async function measure(name: string, floor: StepFloor, journal: JournalTarget): Promise<string[][]> {
  const rows: string[][] = [];
  for (const executions of AT_ONCE) {
    const sides: Record<string, Side> = { floor: (count) => floor.run(count, STEPS, RESULT) };
    for (const effects of STEP_EFFECTS) {
      sides[effects] = (count) => journal.run(count, STEPS, RESULT, effects);
    }
    const { floor: bare = [], ...ours } = await compare(sides, (count) => journal.prepare(count), executions);
    for (const [effects, rates] of Object.entries(ours) as [StepEffects, number[]][]) {
      const ratios = rates.map((rate, round) => rate / (bare[round] ?? Number.NaN));
      rows.push([name, String(executions), effects, spread(bare, 0), spread(rates, 0), spread(ratios, 2)]);
    }
  }
  return rows;
}

/** `npm run bench:steps`: recorded steps a second, beside the raw statements that do the same two durable writes. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-steps-'));
  const backends = options.only.split(',') as PersistenceOptions['backend'][];
  const rows: string[][] = [];
  try {
    const servers = backends.includes('postgres') ? await startServers(['redis']) : {};
    for (const backend of backends) {
      const isSqlite = backend === 'sqlite';
      const url = isSqlite ? join(folder, 'longhaul.db') : await newDatabase(servers);
      const floor = isSqlite ? new SqliteStepFloor(join(folder, 'floor.db')) : await PostgresStepFloor.open(url);
      const journal = await JournalTarget.open({ backend, url, poolSize: 10 });
      rows.push(...(await measure(backend, floor, journal)));
      await floor.close();
      await journal.close();
    }
    const load = loadavg().map((value) => value.toFixed(1));
    console.log(`\n${ROUNDS} rounds, ${cpus().length} cores, load ${load.join(' ')}\n`);
    console.log(table(['database', 'at once', 'effects', 'floor, steps/s', 'journal, steps/s', 'ratio'], rows));
  } finally {
    if (backends.includes('postgres')) stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
