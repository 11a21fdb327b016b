import BetterSqlite3 from 'better-sqlite3';
import { Batcher, type JsonValue } from '@longhaul/kernel';
import { countFinished, reportReady } from '../targets/child';
import { type AgentName, work, WORKLOAD } from '../workload';
import { serveTasks } from './task-api';
import { Waiters } from './waiters';

/**
 * The floor on SQLite, all in one process with a queue in memory: `<each|group> <file>`. WAL and synchronous FULL, so
 * a commit is on disk.
 */
const [commit = '', file = ''] = process.argv.slice(2);
const db = new BetterSqlite3(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`CREATE TABLE tasks (id TEXT PRIMARY KEY, agent TEXT NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL,
  output TEXT, created_at INTEGER NOT NULL)`);
const insert = db.prepare(`INSERT INTO tasks VALUES (?, ?, 'queued', ?, NULL, ?)`);
const claim = db.prepare(`UPDATE tasks SET status = 'running' WHERE id = ? AND status = 'queued' RETURNING input`);
const finish = db.prepare(`UPDATE tasks SET status = 'completed', output = ? WHERE id = ? AND status = 'running'`);
const read = db.prepare('SELECT output FROM tasks WHERE id = ?').pluck();

/** A write alone is its own transaction; in a group it shares one with what was asked in the same turn of the loop. */
const grouped = new Batcher<() => unknown, unknown>(
  (statements) => Promise.resolve(db.transaction(() => statements.map((statement) => statement()))()),
  { maxItems: 256 },
);
async function write<T>(statement: () => T): Promise<T> {
  return commit === 'group' ? (grouped.add(statement) as Promise<T>) : statement();
}

const waiters = new Waiters();
const waiting = new Map<AgentName, string[]>();
const running = new Map<AgentName, number>();

function pump(agent: AgentName): void {
  const ids = waiting.get(agent) ?? [];
  while (ids.length > 0 && (running.get(agent) ?? 0) < WORKLOAD[agent].slots) {
    running.set(agent, (running.get(agent) ?? 0) + 1);
    void run(agent, ids.shift() ?? '');
  }
}

async function run(agent: AgentName, id: string): Promise<void> {
  if ((await write(() => claim.get(id))) !== undefined) {
    const output = JSON.stringify(await work(agent));
    await write(() => finish.run(output, id));
    countFinished();
    waiters.tell(id);
  }
  running.set(agent, (running.get(agent) ?? 0) - 1);
  pump(agent);
}

function outputOf(id: string): JsonValue {
  const text = read.get(id) as string | null | undefined;
  return text ? (JSON.parse(text) as JsonValue) : null;
}

void serveTasks({
  async submit({ id, agent, input }) {
    await write(() => insert.run(id, agent, JSON.stringify(input), Date.now()));
    const ids = waiting.get(agent) ?? [];
    ids.push(id);
    waiting.set(agent, ids);
    pump(agent);
  },
  result: (id, waitMs) => waiters.until(id, waitMs, () => outputOf(id)),
}).then(reportReady);
