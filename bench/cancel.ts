import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { send } from './http-client';
import { Ledger, machineMs, type Note } from './ledger';
import { BODY } from './measures/load';
import { BACKENDS, listOf } from './options';
import { percentile } from './report/statistics';
import { table } from './report/table';
import { startServers, stopServers } from './servers';
import { startLonghaul } from './targets/longhaul';
import { stopTarget, type Target, urlOf } from './targets/target';

const WARM_UP = 10;

/** `npm run bench:cancel`: from sending the cancel until the signal of the run aborts, one at a time. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { amount: { type: 'string', default: '200' }, only: { type: 'string' } } });
  const backends = listOf('--only', values.only, BACKENDS);
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  const ledger = new Ledger(join(folder, 'ledger.jsonl'));
  const servers = await startServers(backends);
  const rows: string[][] = [];
  try {
    for (const backend of backends) {
      const target = await startLonghaul({ backend, folder, servers });
      const times: number[] = [];
      for (let n = 0; n < Number(values.amount) + WARM_UP; n += 1) times.push(await cancelOne(target, ledger));
      const measured = times.slice(WARM_UP);
      const [p50, p99, most] = [50, 99, 100].map((percent) => percentile(measured, percent).toFixed(1));
      const where = backend === 'memory' ? 'the same process' : 'another process';
      rows.push([target.name, where, p50 ?? '', p99 ?? '', most ?? '']);
      await stopTarget(target);
    }
    console.log(`\n${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, ${values.amount} cancels each\n`);
    console.log(table(['target', 'runs in', 'p50 ms', 'p99 ms', 'most ms'], rows));
  } finally {
    ledger.close();
    stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function cancelOne(target: Target, ledger: Ledger): Promise<number> {
  const accepted = await send('POST', `${urlOf(target)}/v1/agents/patient/chat`, BODY);
  const id = accepted['execution_id'] as string;
  await noted(ledger, 'started', id);
  const sentAt = machineMs();
  await send('POST', `${urlOf(target)}/v1/executions/${id}/cancel`, '{}');
  return (await noted(ledger, 'aborted', id)).atMs - sentAt;
}

async function noted(ledger: Ledger, what: Note['what'], id: string): Promise<Note> {
  for (;;) {
    const found = ledger.read().findLast((entry) => entry.id === id && entry.what === what);
    if (found) return found;
    await pause(1);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
