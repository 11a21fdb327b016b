import type { Database } from '@longhaul/database';
import type { Page } from '../rounds';
import { momentOf } from './moment';

/** Of one look. */
const PAGE = 1_000;

/*
 * What an execution that is over waited for wakes nobody: it is consumed, or every look for what has come, or has waited
 * long enough, would meet it again until it is deleted. Nothing else is found by these rows: the children of what is over
 * are cancelled by their `parent_id`, before and after.
 */

/** What has come for executions that are over, and approvals of theirs whose time is over. */
export async function findWaitsOfEnded(database: Database, limit: number): Promise<string[]> {
  const open = (what: string) => `SELECT id, execution_id FROM waits WHERE consumed_at IS NULL AND ${what}`;
  const late = `resolved_at IS NULL AND kind = 'approval' AND wake_at <= ${momentOf(database.dialect)}`;
  const rows = await database.read(
    `SELECT w.id FROM (${open('resolved_at IS NOT NULL')} UNION ALL ${open(late)}) AS w
     JOIN executions e ON e.id = w.execution_id WHERE e.completed_at IS NOT NULL LIMIT $1`,
    [limit],
  );
  return rows.map(({ id }) => id as string);
}

/** Of the next page of all that wait for children, in the order of the children's ids, those that are over. */
export async function meetAskersThatEnded(database: Database, after: string | null): Promise<Page<string, string>> {
  const rows = await database.read(
    `SELECT w.id, w.name, CASE WHEN e.completed_at IS NOT NULL THEN 1 ELSE 0 END AS over
     FROM (SELECT id, name, execution_id FROM waits
           WHERE consumed_at IS NULL AND kind = 'child' AND name > $1 ORDER BY name LIMIT ${PAGE}) AS w
     LEFT JOIN executions e ON e.id = w.execution_id
     ORDER BY w.name`,
    [after ?? ''],
  );
  const over = rows.filter((row) => Number(row.over) === 1).map(({ id }) => id as string);
  return { found: over, next: rows.length < PAGE ? null : (rows.at(-1)?.name as string) };
}

/** Where others hold them, the next look meets them again. */
export async function consumeWaitsById(database: Database, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const { dialect } = database;
  await database.run(
    `UPDATE waits SET consumed_at = ${dialect.now}
     WHERE id IN (SELECT w.id FROM waits w WHERE w.consumed_at IS NULL
                    AND w.id IN (SELECT x.id FROM ${dialect.recordset('x', { id: 'text' }, '$1')})
                  ORDER BY w.id ${dialect.skipLocked})`,
    [JSON.stringify(ids.map((id) => ({ id })))],
  );
}
