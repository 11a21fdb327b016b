import type { Database } from '@longhaul/database';
import type { Met } from '@longhaul/executions';

const PAGE = 500;

/** The deliveries after that id, and which of them ended so long ago. */
export async function meetDeliveries(database: Database, after: string, keptMs: number): Promise<Met[]> {
  const past = (moment: string) => `${moment} < (SELECT ${database.dialect.now}) - $2`;
  const rows = await database.read(
    `SELECT id, CASE WHEN ${past('created_at')} THEN 1 ELSE 0 END AS old,
       CASE WHEN status <> 'pending' AND ${past('ended_at')} THEN 1 ELSE 0 END AS ripe
     FROM deliveries WHERE id > $1 ORDER BY id LIMIT ${PAGE}`,
    [after, keptMs],
  );
  return rows.map(({ id, old, ripe }) => ({ id: id as string, isOld: Number(old) === 1, isRipe: Number(ripe) === 1 }));
}

/** With their tries; but for those that somebody has asked for again meanwhile. */
export async function deleteDeliveries(database: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { dialect } = database;
  const rows = (all: readonly string[]) => JSON.stringify(all.map((id) => ({ id })));
  const these = `(SELECT x.id FROM ${dialect.recordset('x', { id: 'text' }, '$1')})`;
  await database.write(function* () {
    const gone = yield {
      sql: `DELETE FROM deliveries WHERE id IN ${these} AND status <> 'pending' RETURNING id`,
      params: [rows(ids)],
    };
    yield {
      sql: `DELETE FROM delivery_tries WHERE delivery_id IN ${these}`,
      params: [rows(gone.map(({ id }) => id as string))],
      silent: true,
    };
  });
}
