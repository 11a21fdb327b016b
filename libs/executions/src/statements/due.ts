import type { Database, Row } from '@longhaul/database';
import { beforeDeadline } from './deadlines';
import { STATUS_BY_ID } from './execution-row';
import { byId } from './fence';
import { momentOf } from './moment';
import { type Ring, toRing } from './ring';
import { needsSolo } from './solo';
import { RING_PATIENCE_MS } from './submit';
import { BEHIND_ANOTHER_TURN } from './turns';

/** Looks of one sweep at most, where all that it saw waits for an earlier turn. */
const MAX_LOOKS = 20;
/** How long a broker that did not take a ring is left alone. */
const BROKER_RETRY_MS = 5_000;

/**
 * The rings that are due: retries and delays whose time has come, rings that the broker did not take, and, oldest
 * first, what has waited so long that its ring may be lost. Each is marked as rung, so that nobody else rings too; what
 * has waited long is not rung again before it has waited as long once more, so that a backlog costs little. What waits
 * for an earlier turn is marked and not rung: whoever ends that one rings. A long line of those hides nothing behind it.
 */
export async function takeDueRings(database: Database, limit: number): Promise<Ring[]> {
  // A look without a write: most sweeps find nothing.
  const [any] = await database.read(
    `SELECT 1 FROM executions WHERE status = 'queued' AND ring_after <= ${momentOf(database.dialect)} LIMIT 1`,
  );
  if (!any) return [];
  for (let look = 1; ; look += 1) {
    const rows = await markRung(database, limit);
    const rings = rows.filter((row) => !row.gated).map(toRing);
    if (rings.length > 0 || rows.length < limit || look === MAX_LOOKS) return rings;
  }
}

function markRung(database: Database, limit: number): Promise<Row[]> {
  const { dialect } = database;
  const { now, skipLocked } = dialect;
  return database.run(
    `UPDATE executions
     SET ring_after = ${now} + CASE WHEN ${now} - due_at > ${RING_PATIENCE_MS} THEN ${now} - due_at
                                    ELSE ${RING_PATIENCE_MS} END
     WHERE id IN (SELECT id FROM executions WHERE status = 'queued' AND ring_after <= ${momentOf(dialect)}
                  ORDER BY ring_after LIMIT $1 ${skipLocked})
     RETURNING id, job_id, queue, priority, ${BEHIND_ANOTHER_TURN} AS gated`,
    [limit],
  );
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

/** How far a look goes: so many pages of so many rows of each queue, whatever waits there. */
export interface DueReach {
  pages: number;
  rows: number;
}
const REACH: DueReach = { pages: 5, rows: 2_000 };

/** Where in each queue the next look goes on, because this one saw as much as it may and found too little. */
export type DueMarks = Map<string, { dueAt: number; id: string }>;
const START = { dueAt: -1, id: '' };

/**
 * The longest waiting executions of these queues that may be claimed, rung for or not: due, behind no other turn and not
 * past their deadline, where a sweeper ends them and nobody else may. For a worker with nothing to do. Each look is
 * bounded, so that a line of 100,000 turns blocks nobody's event loop; looks with the same `marks` get through such a
 * line, and begin again when they have found enough or reached its end.
 */
export async function findDue(
  database: Database,
  queues: string[],
  limit: number,
  marks: DueMarks = new Map(),
  reach: DueReach = REACH,
): Promise<FoundRing[]> {
  // A statement for each queue: over several at once PostgreSQL would read and sort all that waits.
  const found = await Promise.all(queues.map((queue) => findIn(database, queue, limit, marks, reach)));
  return found
    .flat()
    .toSorted((a, b) => Number(a.due_at) - Number(b.due_at))
    .slice(0, limit)
    .map((row) => ({ ...toRing(row), solo: Boolean(row.solo) }));
}

async function findIn(
  database: Database,
  queue: string,
  limit: number,
  marks: DueMarks,
  { pages, rows }: DueReach,
): Promise<Row[]> {
  const { dialect } = database;
  const page = (columns: string, tail: string) =>
    `SELECT ${columns} FROM executions
     WHERE status = 'queued' AND queue = $1 AND due_at <= ${momentOf(dialect)} AND (due_at, id) > ($2, $3)
     ORDER BY due_at, id ${tail}`;
  const columns = 'id, job_id, queue, priority, due_at, deadline_at, interruptions, owner, conversation_id, turn';
  const found: Row[] = [];
  for (let look = 1; look <= pages; look += 1) {
    const { dueAt, id } = marks.get(queue) ?? START;
    const free = await database.read(
      `SELECT id, job_id, queue, priority, due_at, ${needsSolo(dialect)} AS solo
       FROM (${page(columns, 'LIMIT $4')}) AS executions
       WHERE NOT ${BEHIND_ANOTHER_TURN} AND ${beforeDeadline(dialect)}
       ORDER BY due_at, id LIMIT $5`,
      [queue, dueAt, id, rows, limit - found.length],
    );
    found.push(...free);
    const [last] =
      found.length < limit
        ? await database.read(page('due_at, id', 'LIMIT 1 OFFSET $4'), [queue, dueAt, id, rows - 1])
        : [];
    if (!last) {
      marks.delete(queue);
      break;
    }
    marks.set(queue, { dueAt: Number(last.due_at), id: last.id as string });
    // SQLite reads without waiting for anything: others get their turn in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return found;
}

/** How many wait, counted no further than `limit`. */
export async function countQueued(database: Database, limit: number): Promise<number> {
  const [row] = await database.read(
    `SELECT count(*) AS n FROM (SELECT 1 FROM executions WHERE status = 'queued' LIMIT $1) AS waiting`,
    [limit],
  );
  return Number(row?.n ?? 0);
}
