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
 * Row 3 of the state machine: renews the worker's one lease, and so the lease of all its executions. Answers the ids
 * of those that somebody asked to cancel, or null when the lease has ended and nothing it runs is its own any more.
 */
export async function renewLease(database: Database, workerId: string): Promise<string[] | null> {
  const [row] = await database.run(
    `UPDATE workers SET renewed_at = ${database.dialect.now} WHERE id = $1 AND ended_at IS NULL
     RETURNING (SELECT string_agg(e.id, ',') FROM executions e
                WHERE e.worker_id = $1 AND e.status = 'running' AND e.cancel_requested_at IS NOT NULL) AS cancels`,
    [workerId],
  );
  if (!row) return null;
  return row.cancels === null ? [] : (row.cancels as string).split(',');
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
