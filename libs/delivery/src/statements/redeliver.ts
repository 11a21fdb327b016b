import type { Database } from '@longhaul/database';

/** Due now, and the schedule begins anew. What a sender holds at the moment stays as it is, and counts as done. */
export async function redeliver(
  database: Database,
  ids: string[],
  { owner, isOperator }: { owner: string; isOperator: boolean },
  patienceMs: number,
): Promise<string[]> {
  const { dialect } = database;
  const free = `(claim IS NULL OR due_at <= ${dialect.now})`;
  const rows = await database.run(
    `UPDATE deliveries
     SET status = 'pending',
         attempts_before = CASE WHEN ${free} THEN attempt ELSE attempts_before END,
         due_at = CASE WHEN ${free} THEN ${dialect.now} ELSE due_at END,
         give_up_at = ${dialect.now} + $3, ended_at = NULL,
         claim = CASE WHEN ${free} THEN NULL ELSE claim END
     FROM ${dialect.recordset('x', { id: 'text' }, '$1')}
     WHERE deliveries.id = x.id AND deliveries.owner = $2 ${isOperator ? '' : "AND deliveries.source = 'client'"}
     RETURNING deliveries.id`,
    [JSON.stringify([...new Set(ids)].toSorted().map((id) => ({ id }))), owner, patienceMs],
  );
  return rows.map((row) => row.id as string);
}
