import type { Database, Row } from '@longhaul/database';
import type { Priority } from '@longhaul/kernel';
import { STATUS_BY_ID } from './execution-row';
import { byId } from './fence';
import { needsSolo } from './solo';
import { RING_PATIENCE_MS } from './submit';

/** How long a broker that did not take a ring is left alone. */
const BROKER_RETRY_MS = 5_000;

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
 * first, what has waited so long that its ring may be lost. Each is marked as rung, so that nobody else rings too; what
 * has waited long is not rung again before it has waited as long once more, so that a backlog costs little.
 */
export async function takeDueRings(database: Database, limit: number): Promise<Ring[]> {
  const { now, skipLocked } = database.dialect;
  // A look without a write: most sweeps find nothing.
  const [any] = await database.read(
    `SELECT 1 FROM executions WHERE status = 'queued' AND ring_after <= ${now} LIMIT 1`,
  );
  if (!any) return [];
  const rows = await database.run(
    `UPDATE executions
     SET ring_after = ${now} + CASE WHEN ${now} - due_at > ${RING_PATIENCE_MS} THEN ${now} - due_at
                                    ELSE ${RING_PATIENCE_MS} END
     WHERE id IN (SELECT id FROM executions WHERE status = 'queued' AND ring_after <= ${now}
                  ORDER BY ring_after LIMIT $1 ${skipLocked})
     RETURNING id, job_id, queue, priority`,
    [limit],
  );
  return rows.map(toRing);
}

/** The broker did not take these rings: a sweep may try again in a while. */
export async function ringAgain(database: Database, executionIds: string[]): Promise<void> {
  const ids = database.dialect.recordset('x', { id: 'text' }, '$1');
  await database.run(
    `UPDATE executions SET ring_after = ${database.dialect.now} + ${BROKER_RETRY_MS} FROM ${ids}
     WHERE executions.id = x.id AND ${STATUS_BY_ID} = 'queued'`,
    [JSON.stringify(byId(executionIds.map((id) => ({ id }))))],
  );
}

/** A ring whose execution must have its worker for itself carries `solo`. */
export interface FoundRing extends Ring {
  solo: boolean;
}

/** The longest waiting executions of these queues that are due, rung for or not: for a worker with nothing to do. */
export async function findDue(database: Database, queues: string[], limit: number): Promise<FoundRing[]> {
  const { dialect } = database;
  // A statement for each queue: over several at once PostgreSQL would read and sort all that waits.
  const found = await Promise.all(
    queues.map((queue) =>
      database.read(
        `SELECT id, job_id, queue, priority, due_at, ${needsSolo(dialect)} AS solo FROM executions
         WHERE status = 'queued' AND queue = $1 AND due_at <= ${dialect.now} ORDER BY due_at LIMIT $2`,
        [queue, limit],
      ),
    ),
  );
  return found
    .flat()
    .toSorted((a, b) => Number(a.due_at) - Number(b.due_at))
    .slice(0, limit)
    .map((row) => ({ ...toRing(row), solo: Boolean(row.solo) }));
}

/** How many wait, counted no further than `limit`. */
export async function countQueued(database: Database, limit: number): Promise<number> {
  const [row] = await database.read(
    `SELECT count(*) AS n FROM (SELECT 1 FROM executions WHERE status = 'queued' LIMIT $1) AS waiting`,
    [limit],
  );
  return Number(row?.n ?? 0);
}
