/*
 * The process that reads one SQLite file for the gateway: started by `SqliteReader`, and killed by it. A query runs
 * inside one call of the library, which nothing in the same process could interrupt, and which would hold the event
 * loop. Node also runs this file as it is, so it has only types that can be left out.
 */
import { Worker } from 'node:worker_threads';
import type { JsonValue } from '@longhaul/kernel';
import BetterSqlite3 from 'better-sqlite3';
import { CappedRows } from '../capped-rows.ts';

/** What the process that reads is asked, one question at a time… */
export interface SqliteQuestion {
  sql: string;
  params: (string | number | null)[];
  maxRows: number;
  maxBytes: number;
}

/** …and what it says. */
export type SqliteAnswer =
  | { columns: string[]; rows: JsonValue[][]; cut: string | null }
  | { refused: string }
  | { failed: string; code: string };

type Cell = string | number | bigint | Buffer | null;

const MAX_MEMORY_BYTES = 512 * 1_048_576;
const MAX_BLOB_BYTES = 4_096;

/** It is a thread because the query may hold the other one for ever: the parent may be gone, or memory run out. */
const WATCHDOG = `
  const { workerData: { parent, maxBytes } } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid !== parent || process.memoryUsage.rss() > maxBytes) process.kill(process.pid, 'SIGKILL');
  }, 100);
`;
new Worker(WATCHDOG, { eval: true, workerData: { parent: process.ppid, maxBytes: MAX_MEMORY_BYTES } }).unref();

let opened: BetterSqlite3.Database | undefined;

function open(): BetterSqlite3.Database {
  const database = new BetterSqlite3(process.argv[2], { readonly: true, fileMustExist: true, timeout: 5_000 });
  database.pragma('query_only = ON');
  database.pragma('trusted_schema = OFF');
  // A large sort would go to files on a disk that others need, too.
  database.pragma('temp_store = MEMORY');
  database.defaultSafeIntegers(true);
  return database;
}

function answer({ sql, params, maxRows, maxBytes }: SqliteQuestion): SqliteAnswer {
  opened ??= open();
  const statement = opened.prepare(sql);
  if (!statement.reader || !statement.readonly) return { refused: 'the statement does not only read' };
  const rows = new CappedRows({ maxRows, maxBytes });
  const bound = Object.fromEntries(params.map((value, index) => [index + 1, value]));
  for (const row of statement.raw(true).iterate(bound)) {
    if (!rows.add((row as Cell[]).map(jsonOf))) break;
  }
  return { columns: statement.columns().map(({ name }) => name), rows: rows.rows, cut: rows.cut };
}

function jsonOf(cell: Cell): string | number | null {
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell);
  if (!Buffer.isBuffer(cell)) return cell;
  const rest = cell.length > MAX_BLOB_BYTES ? `… (cut: ${cell.length} bytes)` : '';
  return `\\x${cell.subarray(0, MAX_BLOB_BYTES).toString('hex')}${rest}`;
}

process.on('message', (question: SqliteQuestion) => {
  let said: SqliteAnswer;
  try {
    said = answer(question);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    said = { failed: message, code: code ?? '' };
  }
  process.send?.(said);
});
process.on('disconnect', () => process.exit());
