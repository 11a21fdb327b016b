import type { Database } from '@longhaul/database';
import { submitCommand } from '@longhaul/executions/testing';
import { findDue } from '../../../libs/executions/src/statements/due';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { describeOnDatabases } from '../../support/databases';

describeOnDatabases('A backlog', (get) => {
  it('is looked into in time that does not grow with it', async () => {
    const database: Database = get().database;
    for (let n = 0; n < 6; n += 1) {
      await submitAll(
        database,
        Array.from({ length: 5_000 }, (_, i) => submitCommand({ queue: i % 2 ? 'a' : 'default' })),
        1,
      );
    }
    const time = async (what: () => Promise<unknown>) => {
      for (let n = 0; n < 8; n += 1) await what();
      const t = performance.now();
      await what();
      return Math.round((performance.now() - t) * 10) / 10;
    };
    const { now } = database.dialect;
    const inSet = `SELECT id, job_id FROM executions WHERE status = 'queued' AND due_at <= ${now} AND queue IN (SELECT x.name FROM ${database.dialect.recordset('x', { name: 'text' }, '$1')}) ORDER BY due_at LIMIT $2`;
    const one = `SELECT id, job_id FROM executions WHERE status = 'queued' AND due_at <= ${now} AND queue = $1 ORDER BY due_at LIMIT $2`;
    const names = '[{"name":"default"}]';
    const found = await time(() => findDue(database, ['default'], 4));
    const mended = await time(() => database.read(one, ['default', 4]));
    const plans: unknown[] = [];
    if (database.dialect.name === 'postgres')
      for (const [sql, p] of [
        [inSet, names],
        [one, 'default'],
      ] as const)
        plans.push((await database.read(`EXPLAIN ${sql}`, [p, 4])).map((r) => Object.values(r)[0]));
    process.stderr.write(
      `TIMES ${database.dialect.name} findDue ${found} ms, one queue ${mended} ms ${JSON.stringify(plans, null, 1)}\n`,
    );
    expect(found).toBeLessThan(10);
  }, 60_000);
});
