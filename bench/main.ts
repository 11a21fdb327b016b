import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { submitAndSettle, measure } from './measures/measure';
import { measureBareNest } from './measures/bare-nest';
import { type BenchOptions, parseOptions } from './options';
import { memoryTable, ratiosTable, readingsTable, type TargetResult } from './report/report';
import { startServers, stopServers } from './servers';
import { lineUp } from './targets/line-up';
import { stopTarget, type Target, usages } from './targets/target';

const WARM_UP = 300;

interface Contender {
  target: Target;
  result: TargetResult;
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  const contenders: Contender[] = [];
  try {
    const servers = await startServers(options.backends);
    for (const { name, against, start } of lineUp(options, folder, servers)) {
      say(`starting ${name}`);
      const target = await start();
      contenders.push({ target, result: { name, against, readings: [], memory: await idleMemory(target) } });
    }
    const bareNest = await measureBareNest(options, folder);
    for (const { target } of contenders) await submitAndSettle(target, 'noop', WARM_UP);
    await rounds(contenders, options);
    for (const { target, result } of contenders) await loadedMemory(target, result);
    const results = contenders.map(({ result }) => result);
    console.log(`\nNode ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${options.rounds} rounds\n`);
    console.log([readingsTable(results), ratiosTable(results), memoryTable(results, bareNest)].join('\n\n'));
  } finally {
    for (const { target } of contenders) await stopTarget(target);
    stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Interleaved: what slows the machine down for a while slows everyone. */
async function rounds(contenders: Contender[], options: BenchOptions): Promise<void> {
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { target, result } of contenders) {
      say(`round ${round} of ${options.rounds}: ${target.name}`);
      result.readings.push(await measure(target, options));
    }
  }
}

async function idleMemory(target: Target): Promise<TargetResult['memory']> {
  const all = await usages(target);
  return target.processes.map(({ name }, index) => ({ process: name, idleMb: all[index]?.rssMb ?? 0, loadMb: 0 }));
}

async function loadedMemory(target: Target, { memory }: TargetResult): Promise<void> {
  const all = await usages(target);
  memory.forEach((entry, index) => (entry.loadMb = all[index]?.rssMb ?? 0));
}

function say(what: string): void {
  process.stderr.write(`${what}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
