import type { Database } from '@longhaul/database';
import type { JsonObject } from '@longhaul/kernel';

export interface WorkerIdentity {
  id: string;
  host: string;
  pid: number;
  version: string;
  /** Names and slots. */
  queues: JsonObject;
  /** Over all queues; null: each request has its own. */
  slots?: number | null;
  /** The mark of its `LifeSign`, if it shows one. */
  lifeSign?: string | null;
}

/** What a heartbeat brings back. */
export interface RenewedLease {
  running: string[];
  /** Those of them that somebody asked to cancel. */
  cancels: string[];
  /** Somebody asked that this worker take nothing more. */
  drains: boolean;
}

/** A living worker at one look: `renewedAt` tells at the next whether it has been heard of since. */
export interface Silence {
  id: string;
  renewedAt: number;
}

export async function registerWorker(database: Database, worker: WorkerIdentity): Promise<void> {
  const { now } = database.dialect;
  await database.run(
    `INSERT INTO workers (id, host, pid, version, queues, slots, life_sign, started_at, renewed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, ${now}, ${now})`,
    [
      worker.id,
      worker.host,
      worker.pid,
      worker.version,
      JSON.stringify(worker.queues),
      worker.slots ?? null,
      worker.lifeSign ?? null,
    ],
  );
}

/**
 * Row 3 of the state machine: renews the worker's one lease, and so the lease of all its executions. Answers which
 * these are and which of them somebody asked to cancel, or null when the lease has ended and nothing is its own any
 * more. With a life sign it goes through that: then a lease is renewed only while the sign is shown.
 */
export async function renewLease(
  database: Database,
  workerId: string,
  through: Pick<Database, 'run'> = database,
): Promise<RenewedLease | null> {
  const [row] = await through.run(
    `UPDATE workers SET renewed_at = ${database.dialect.now} WHERE id = $1 AND ended_at IS NULL
     RETURNING (SELECT string_agg(e.id || CASE WHEN e.cancel_requested_at IS NULL THEN '' ELSE '!' END, ',')
                FROM executions e WHERE e.worker_id = $1 AND e.status = 'running') AS running, drain_requested_at`,
    [workerId],
  );
  if (!row) return null;
  const marked = row.running === null ? [] : (row.running as string).split(',');
  const running = marked.map((id) => id.replace('!', ''));
  const cancels = running.filter((_, index) => marked[index]?.endsWith('!'));
  return { running, cancels, drains: row.drain_requested_at !== null };
}

/** Asks a living worker to take nothing more; idempotent. */
export async function requestDrain(database: Database, workerId: string): Promise<void> {
  await database.run(
    `UPDATE workers SET drain_requested_at = coalesce(drain_requested_at, ${database.dialect.now})
     WHERE id = $1 AND ended_at IS NULL`,
    [workerId],
  );
}

/** The worker stops of its own will; what it might still run is anybody's. */
export async function endLease(database: Database, workerId: string): Promise<void> {
  await database.run(
    `UPDATE workers SET ended_at = ${database.dialect.now}, end_reason = 'stopped' WHERE id = $1 AND ended_at IS NULL`,
    [workerId],
  );
}

/**
 * Ends the lease of every worker that has been silent for `ttlMs` by the database's clock; answers their ids. Not that
 * of `sweeper`, who is awake: after a machine has slept, its sweep may well come before its heartbeat.
 */
export async function endLapsedLeases(database: Database, ttlMs: number, sweeper = ''): Promise<string[]> {
  const { now } = database.dialect;
  const rows = await database.run(
    `UPDATE workers SET ended_at = ${now}, end_reason = 'silent'
     WHERE ended_at IS NULL AND renewed_at < ${now} - $1 AND id <> $2 RETURNING id`,
    [ttlMs, sweeper],
  );
  return rows.map((row) => row.id as string);
}

const MAX_DEATHS = 500;

/** The first look: living workers, but for `sweeper`, whose life sign is not shown now. */
export async function withoutLifeSign(database: Database, sweeper: string): Promise<Silence[]> {
  const rows = await database.read(
    `SELECT id, renewed_at FROM workers
     WHERE ended_at IS NULL AND life_sign IS NOT NULL AND id <> $1 AND ${database.dialect.dead('life_sign', 'renewed_at')}
     LIMIT ${MAX_DEATHS}`,
    [sweeper],
  );
  return rows.map((row) => ({ id: row.id as string, renewedAt: Number(row.renewed_at) }));
}

/**
 * The second look, and what follows from it: ends the lease of those who show no life sign now either, and have not
 * been heard of since the first. Answers their ids.
 */
export async function endLeasesOfDead(database: Database, suspects: Silence[]): Promise<string[]> {
  const { dialect } = database;
  const rows = await database.run(
    `UPDATE workers SET ended_at = ${dialect.now}, end_reason = 'died'
     FROM ${dialect.recordset('x', { id: 'text', renewed_at: 'bigint' }, '$1')}
     WHERE workers.id = x.id AND workers.renewed_at = x.renewed_at AND ended_at IS NULL
       AND ${dialect.dead('life_sign', 'workers.renewed_at')}
     RETURNING workers.id`,
    [JSON.stringify(suspects.map(({ id, renewedAt: renewed_at }) => ({ id, renewed_at })))],
  );
  return rows.map((row) => row.id as string);
}

/** Workers that ended a day ago; nothing refers to them any more but old runs, by their id alone. */
export async function deleteOldWorkers(database: Database): Promise<void> {
  await database.run(`DELETE FROM workers WHERE ended_at < ${database.dialect.now} - 86400000`);
}
