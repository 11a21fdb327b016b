import type { Database } from '@longhaul/database';
import { momentOf } from './moment';

export interface Backlog {
  queue: string;
  /** How many are due and wait, counted no further than the limit. */
  waiting: number;
  /** For how long the first of them has been due. */
  oldestMs: number;
}

/** More queues than anybody has. */
const MOST_QUEUES = 200;

/**
 * What waits in each queue that anything is queued for. One statement along the index of what is queued: from queue to
 * queue, and in each no further than `limit`, so that a long backlog costs no more than a middling one.
 */
export async function backlogs(database: Database, limit: number): Promise<Backlog[]> {
  const now = momentOf(database.dialect);
  const rows = await database.read(
    `WITH RECURSIVE found(queue) AS (
       SELECT min(queue) FROM executions WHERE status = 'queued'
       UNION ALL
       SELECT (SELECT min(e.queue) FROM executions e WHERE e.status = 'queued' AND e.queue > found.queue)
       FROM found WHERE found.queue IS NOT NULL
     )
     SELECT queue,
            (SELECT count(*) FROM (SELECT 1 FROM executions e
                                   WHERE e.status = 'queued' AND e.queue = found.queue AND e.due_at <= ${now}
                                   LIMIT $1) AS waiting) AS waiting,
            ${now} - (SELECT min(e.due_at) FROM executions e
                      WHERE e.status = 'queued' AND e.queue = found.queue) AS oldest_ms
     FROM found WHERE queue IS NOT NULL LIMIT ${MOST_QUEUES}`,
    [limit],
  );
  return rows.map(({ queue, waiting, oldest_ms: oldestMs }) => ({
    queue: queue as string,
    waiting: Number(waiting),
    // What is delayed is not due yet.
    oldestMs: Math.max(Number(oldestMs), 0),
  }));
}

/** Dead letters that nobody has looked after, counted no further than `limit`. */
export async function countOpenDeadLetters(database: Database, limit: number): Promise<number> {
  const [row] = await database.read(
    `SELECT count(*) AS n FROM (SELECT 1 FROM dead_letters WHERE handled_at IS NULL LIMIT $1) AS open`,
    [limit],
  );
  return Number(row?.n ?? 0);
}
