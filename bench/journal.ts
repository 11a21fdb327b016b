import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resumeRows, resumeTable } from './journal/resume';
import { toolCallRow, toolCallTable } from './journal/tool-call';
import { treeRow, treeTable } from './journal/tree';
import { wakeRow, wakeTable } from './journal/wake';
import { Ledger } from './ledger';
import { listOf } from './options';
import { newDatabase, type Servers, startServers, stopServers } from './servers';
import { JournalTarget } from './targets/journal-target';
import { startLonghaul } from './targets/longhaul';
import { stopTarget, type Target } from './targets/target';

const PARTS = ['resume', 'tools', 'wake', 'tree'] as const;
const BACKENDS = ['memory', 'redis'] as const;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    parts: { type: 'string' },
    only: { type: 'string' },
    amount: { type: 'string', default: '200' },
  },
});
const ROUNDS = Number(options.rounds);
const AMOUNT = Number(options.amount);
const parts = listOf('--parts', options.parts, PARTS);
const backends = listOf('--only', options.only, BACKENDS);

/** memory goes with SQLite, redis with PostgreSQL, as everywhere in bench/. */
type OnDatabase = (name: string, at: { backend: 'sqlite' | 'postgres'; url: string }) => Promise<string[][]>;

async function onDatabases(folder: string, servers: Servers, measure: OnDatabase): Promise<string[][]> {
  const rows: string[][] = [];
  for (const backend of backends) {
    const name = backend === 'memory' ? 'sqlite' : 'postgres';
    const url =
      backend === 'memory' ? join(mkdtempSync(join(folder, 'db-')), 'longhaul.db') : await newDatabase(servers);
    rows.push(...(await measure(name, { backend: name, url })));
  }
  return rows;
}

const resume: OnDatabase = async (name, at) => {
  const journal = await JournalTarget.open({ ...at, poolSize: 10 });
  try {
    return await resumeRows(name, journal, ROUNDS);
  } finally {
    await journal.close();
  }
};

const tools: OnDatabase = async (name, at) => [await toolCallRow(name, at, { rounds: ROUNDS, calls: AMOUNT })];

/** `npm run bench:journal`: what a long history, a wait, a tool call and a delegation cost. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-journal-'));
  const ledger = new Ledger(join(folder, 'ledger.jsonl'));
  const tables: string[] = [];
  const targets: Target[] = [];
  try {
    const servers = backends.includes('redis') ? await startServers(['redis']) : {};
    if (parts.includes('resume')) tables.push(resumeTable(await onDatabases(folder, servers, resume)));
    if (parts.includes('tools')) tables.push(toolCallTable(await onDatabases(folder, servers, tools)));
    if (parts.includes('wake') || parts.includes('tree')) {
      for (const backend of backends) targets.push(await startLonghaul({ backend, folder, servers }));
    }
    const rowsOf = async (row: (target: Target) => Promise<string[]>) => {
      const rows: string[][] = [];
      for (const target of targets) rows.push(await row(target));
      return rows;
    };
    if (parts.includes('wake')) tables.push(wakeTable(await rowsOf((target) => wakeRow(target, ledger, AMOUNT))));
    if (parts.includes('tree')) tables.push(treeTable(await rowsOf((target) => treeRow(target, ROUNDS))));
    const load = loadavg().map((value) => value.toFixed(1));
    console.log(`\n${ROUNDS} rounds, ${AMOUNT} of each, ${cpus().length} cores, load ${load.join(' ')}\n`);
    console.log(tables.join('\n\n'));
  } finally {
    for (const target of targets) await stopTarget(target);
    ledger.close();
    if (backends.includes('redis')) stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
