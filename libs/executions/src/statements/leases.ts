import type { Database } from '@longhaul/database';
import type { JsonObject } from '@longhaul/kernel';

export interface WorkerIdentity {
  id: string;
  host: string;
  pid: number;
  version: string;
  queues: JsonObject;
}

export async function registerWorker(database: Database, worker: WorkerIdentity): Promise<void> {
  const { now } = database.dialect;
  await database.run(
    `INSERT INTO workers (id, host, pid, version, queues, started_at, renewed_at)
     VALUES ($1, $2, $3, $4, $5, ${now}, ${now})`,
    [worker.id, worker.host, worker.pid, worker.version, JSON.stringify(worker.queues)],
  );
}

/**
 * Row 3 of the state machine: renews the worker's one lease, and so the lease of all its executions. Answers which
 * these are and which of them somebody asked to cancel, or null when the lease has ended and nothing is its own any
 * more.
 */
export async function renewLease(
  database: Database,
  workerId: string,
): Promise<{ running: string[]; cancels: string[] } | null> {
  const [row] = await database.run(
    `UPDATE workers SET renewed_at = ${database.dialect.now} WHERE id = $1 AND ended_at IS NULL
     RETURNING (SELECT string_agg(e.id || CASE WHEN e.cancel_requested_at IS NULL THEN '' ELSE '!' END, ',')
                FROM executions e WHERE e.worker_id = $1 AND e.status = 'running') AS running`,
    [workerId],
  );
  if (!row) return null;
  const marked = row.running === null ? [] : (row.running as string).split(',');
  const running = marked.map((id) => id.replace('!', ''));
  return { running, cancels: running.filter((_, index) => marked[index]?.endsWith('!')) };
}

/** The worker stops of its own will; what it might still run is anybody's. */
export async function endLease(database: Database, workerId: string): Promise<void> {
  await database.run(`UPDATE workers SET ended_at = ${database.dialect.now} WHERE id = $1 AND ended_at IS NULL`, [
    workerId,
  ]);
}

/** Ends the lease of every worker that has been silent for `ttlMs` by the database's clock; answers their ids. */
export async function endLapsedLeases(database: Database, ttlMs: number): Promise<string[]> {
  const { now } = database.dialect;
  const rows = await database.run(
    `UPDATE workers SET ended_at = ${now} WHERE ended_at IS NULL AND renewed_at < ${now} - $1 RETURNING id`,
    [ttlMs],
  );
  return rows.map((row) => row.id as string);
}

/** Workers that ended a day ago; nothing refers to them any more but old runs, by their id alone. */
export async function deleteOldWorkers(database: Database): Promise<void> {
  await database.run(`DELETE FROM workers WHERE ended_at < ${database.dialect.now} - 86400000`);
}
