import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Ledger, machineMs, type Note } from './ledger';
import { submitMany } from './measures/load';
import { BACKENDS, listOf } from './options';
import { spread } from './report/statistics';
import { table } from './report/table';
import { startServers, stopServers } from './servers';
import { startBullMqPeer } from './targets/floors';
import { startLonghaul } from './targets/longhaul';
import { stopTarget, type Target } from './targets/target';

const COUNT = 100;
const LIMIT_MS = 180_000;
/** How long a thawed worker has to find out that its runs are somebody else's. */
const AFTERMATH_MS = 3_000;

type Fault = 'SIGKILL' | 'SIGSTOP';
interface Outcome {
  seconds: number;
  lost: number;
  overlapping: number;
}

/** `npm run bench:recovery`: a worker with 100 running executions of 2 s dies or freezes, and another one is started. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      peer: { type: 'boolean', default: true },
    },
    allowNegative: true,
  });
  const backends = listOf('--only', values.only, BACKENDS);
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  const ledger = new Ledger(join(folder, 'ledger.jsonl'));
  const servers = await startServers(backends);
  const starts = [
    ...backends.map((backend) => (at: string) => startLonghaul({ backend, folder: at, servers })),
    ...(values.peer ? [(at: string) => startBullMqPeer('BullMQ behind Fastify', at, servers)] : []),
  ];
  const rows: string[][] = [];
  try {
    for (const start of starts) {
      for (const fault of ['SIGKILL', 'SIGSTOP'] as const) {
        const outcomes: Outcome[] = [];
        let name = '';
        for (let round = 0; round < Number(values.rounds); round += 1) {
          const target = await start(mkdtempSync(join(folder, 'target-')));
          name = target.name;
          process.stderr.write(`${name}, ${fault}, round ${round + 1}\n`);
          outcomes.push(await recover(target, fault, ledger));
        }
        rows.push(rowOf(name, fault, outcomes));
      }
    }
    console.log(`\n${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, ${values.rounds} rounds\n`);
    console.log(table(['target', 'its worker gets', 'all complete after, s', 'lost', 'overlapping'], rows));
  } finally {
    ledger.close();
    stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recover(target: Target, fault: Fault, ledger: Ledger): Promise<Outcome> {
  const from = ledger.read().length;
  const notes = () => ledger.read().slice(from);
  const ids = (what: Note['what']) => new Set(notes().flatMap((entry) => (entry.what === what ? [entry.id] : [])));
  await submitMany(target, 'napper', COUNT);
  await until(() => ids('started').size === COUNT);
  const victim = target.processes.at(-1);
  const hurtAt = machineMs();
  victim?.signal(fault);
  await target.startAnother(target.processes.length === 1 ? 'all' : 'worker');
  await until(() => ids('ended').size === COUNT).catch(() => undefined);
  const seconds = (machineMs() - hurtAt) / 1_000;
  const lost = COUNT - ids('ended').size;
  if (fault === 'SIGSTOP') {
    victim?.signal('SIGCONT');
    await pause(AFTERMATH_MS);
  }
  // Frozen time is no time at work: a run that was hurt counts as over at that moment.
  const overlapping = overlaps(notes(), victim?.pid ?? 0, hurtAt);
  victim?.signal('SIGKILL');
  target.processes.splice(
    target.processes.findIndex((process) => process === victim),
    1,
  );
  await stopTarget(target);
  return { seconds, lost, overlapping };
}

/** Executions that two processes were at work on at one time. */
function overlaps(notes: Note[], victim: number, hurtAt: number): number {
  const spans = new Map<string, { pid: number; from: number; to: number }[]>();
  for (const { what, id, pid, atMs } of notes) {
    const own = spans.get(id) ?? [];
    spans.set(id, own);
    const open = own.findLast((span) => span.pid === pid && span.to === Infinity);
    if (what === 'started') own.push({ pid, from: atMs, to: pid === victim ? hurtAt : Infinity });
    else if (open) open.to = atMs;
  }
  const meets = (own: { pid: number; from: number; to: number }[]) =>
    own.some((a, index) => own.some((b, other) => other > index && a.from < b.to && b.from < a.to));
  return [...spans.values()].filter(meets).length;
}

async function until(condition: () => boolean): Promise<void> {
  const limit = machineMs() + LIMIT_MS;
  while (!condition()) {
    if (machineMs() > limit) throw new Error(`not within ${LIMIT_MS / 1_000} s`);
    await pause(10);
  }
}

function rowOf(name: string, fault: Fault, outcomes: Outcome[]): string[] {
  const all = (key: 'lost' | 'overlapping') => outcomes.map((outcome) => outcome[key]).join(', ');
  return [
    name,
    fault,
    spread(
      outcomes.map(({ seconds }) => seconds),
      1,
    ),
    all('lost'),
    all('overlapping'),
  ];
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
