import type { Database } from '@longhaul/database';
import type { Page } from '../rounds';
import { STATUS_BY_ID } from './execution-row';

/** Of one look. */
const PAGE = 1_000;

/** Those of the next page of all that wait for children to whom a child's end has not been told: they still wait. */
export async function meetWaitsForChildren(database: Database, after: string | null): Promise<Page<string, string>> {
  const rows = await database.read(
    `SELECT w.name, w.execution_id,
       CASE WHEN child.completed_at IS NOT NULL AND ${STATUS_BY_ID} = 'waiting' THEN 1 ELSE 0 END AS ready
     FROM (SELECT name, execution_id, owner FROM waits
           WHERE consumed_at IS NULL AND kind = 'child' AND name > $1 ORDER BY name LIMIT ${PAGE}) AS w
     LEFT JOIN executions child ON child.id = w.name AND child.owner = w.owner
     LEFT JOIN executions ON executions.id = w.execution_id
     ORDER BY w.name`,
    [after ?? ''],
  );
  const ready = rows.filter((row) => Number(row.ready) === 1).map((row) => row.execution_id as string);
  return { found: [...new Set(ready)], next: rows.length < PAGE ? null : (rows.at(-1)?.name as string) };
}

/**
 * Of the next page of all that have live children, in the order of their ids: the children, not detached, of those that are over.
 * They are to be cancelled; more of them than a page are met in the next round.
 */
export async function meetParents(
  database: Database,
  after: string | null,
): Promise<Page<{ id: string; owner: string }, string>> {
  // From one to the next by the index: how many children each of them has does not count.
  const nextAfter = (id: string) => `(SELECT parent_id FROM executions
      WHERE parent_id IS NOT NULL AND completed_at IS NULL AND parent_id > ${id} ORDER BY parent_id LIMIT 1)`;
  const rows = await database.read(
    `WITH RECURSIVE parents(id, place) AS (
       SELECT ${nextAfter('$1')}, 1
       UNION ALL
       SELECT ${nextAfter('parents.id')}, place + 1 FROM parents WHERE parents.id IS NOT NULL AND place < ${PAGE})
     SELECT parents.id, CASE WHEN p.completed_at IS NOT NULL THEN 1 ELSE 0 END AS over
     FROM parents LEFT JOIN executions p ON p.id = parents.id WHERE parents.id IS NOT NULL ORDER BY place`,
    [after ?? ''],
  );
  const over = rows.filter((row) => Number(row.over) === 1).map(({ id }) => ({ id: id as string }));
  return {
    found: over.length > 0 ? await orphansOf(database, over) : [],
    next: rows.length < PAGE ? null : (rows.at(-1)?.id as string),
  };
}

async function orphansOf(database: Database, parents: { id: string }[]): Promise<{ id: string; owner: string }[]> {
  const rows = await database.read(
    `SELECT c.id, c.owner FROM ${database.dialect.recordset('x', { id: 'text' }, '$1')}
     JOIN executions c ON c.parent_id = x.id
     WHERE c.parent_id IS NOT NULL AND c.completed_at IS NULL AND c.cancel_requested_at IS NULL
       AND c.detached IS NULL LIMIT ${PAGE}`,
    [JSON.stringify(parents)],
  );
  return rows.map((row) => ({ id: row.id as string, owner: row.owner as string }));
}

/** The live executions that this one has asked for, and that are to end with it. */
export async function liveChildren(database: Database, executionId: string): Promise<string[]> {
  const rows = await database.read(
    `SELECT id FROM executions
     WHERE parent_id = $1 AND parent_id IS NOT NULL AND completed_at IS NULL AND detached IS NULL ORDER BY id`,
    [executionId],
  );
  return rows.map((row) => row.id as string);
}
