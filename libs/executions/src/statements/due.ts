import type { Database, Row } from '@longhaul/database';
import type { Priority } from '@longhaul/kernel';
import { STATUS_BY_ID } from './execution-row';
import { RING_PATIENCE_MS } from './submit';

/** What is needed to ring for an execution. */
export interface Ring {
  executionId: string;
  jobId: string;
  queue: string;
  priority: Priority;
}

const toRing = (row: Row): Ring => ({
  executionId: row.id as string,
  jobId: row.job_id as string,
  queue: row.queue as string,
  priority: row.priority as Priority,
});

/**
 * The rings that are due: retries and delays whose time has come, rings that the broker did not take, and, oldest
 * first, what has waited so long that its ring may be lost. Each is marked as rung, so that nobody else rings too.
 */
export async function takeDueRings(database: Database, limit: number): Promise<Ring[]> {
  const { now, skipLocked } = database.dialect;
  // A look without a write: most sweeps find nothing.
  const [any] = await database.read(
    `SELECT 1 FROM executions WHERE status = 'queued' AND ring_after <= ${now} LIMIT 1`,
  );
  if (!any) return [];
  const rows = await database.run(
    `UPDATE executions SET ring_after = ${now} + ${RING_PATIENCE_MS}
     WHERE id IN (SELECT id FROM executions WHERE status = 'queued' AND ring_after <= ${now}
                  ORDER BY ring_after LIMIT $1 ${skipLocked})
     RETURNING id, job_id, queue, priority`,
    [limit],
  );
  return rows.map(toRing);
}

/** The broker did not take these rings: the next sweep may ring at once. */
export async function ringAgain(database: Database, executionIds: string[]): Promise<void> {
  const ids = database.dialect.recordset('x', { id: 'text' }, '$1');
  await database.run(
    `UPDATE executions SET ring_after = ${database.dialect.now} FROM ${ids}
     WHERE executions.id = x.id AND ${STATUS_BY_ID} = 'queued'`,
    [JSON.stringify(executionIds.map((id) => ({ id })))],
  );
}

/** The oldest queued and due executions of these queues, rung for or not: for a worker that has nothing to do. */
export async function findDue(database: Database, queues: string[], limit: number): Promise<Ring[]> {
  const names = database.dialect.recordset('x', { name: 'text' }, '$1');
  const rows = await database.read(
    `SELECT id, job_id, queue, priority FROM executions
     WHERE status = 'queued' AND due_at <= ${database.dialect.now} AND queue IN (SELECT x.name FROM ${names})
     ORDER BY due_at LIMIT $2`,
    [JSON.stringify(queues.map((name) => ({ name }))), limit],
  );
  return rows.map(toRing);
}

/** How many wait, counted no further than `limit`. */
export async function countQueued(database: Database, limit: number): Promise<number> {
  const [row] = await database.read(
    `SELECT count(*) AS n FROM (SELECT 1 FROM executions WHERE status = 'queued' LIMIT $1) AS waiting`,
    [limit],
  );
  return Number(row?.n ?? 0);
}
