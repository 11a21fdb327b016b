import type { Database } from '@longhaul/database';
import { submitCommand } from '@longhaul/executions/testing';
import { backlogs, countOpenDeadLetters } from '../../../libs/executions/src/statements/backlog';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { describeOnDatabases } from '../../support/databases';
import { empty } from './fixtures';

describeOnDatabases('The backlog, as a scrape shows it', (get) => {
  let database: Database;
  beforeAll(() => {
    database = get().database;
  });
  beforeEach(() => empty(database));

  const submit = (queue: string, count: number, delayMs = 0) =>
    submitAll(
      database,
      Array.from({ length: count }, () => submitCommand({ queue, delayMs })),
      60_000,
    );
  const waiting = async (limit: number) =>
    Object.fromEntries((await backlogs(database, limit)).map((one) => [one.queue, one.waiting]));

  it('is counted queue by queue, each no further than the limit', async () => {
    await submit('alpha', 3);
    await submit('beta', 1);
    await submit('zeta', 5);
    expect(await waiting(100)).toEqual({ alpha: 3, beta: 1, zeta: 5 });
    expect(await waiting(2)).toEqual({ alpha: 2, beta: 1, zeta: 2 });
  });

  it('has no queue that nothing is queued for', async () => {
    expect(await backlogs(database, 100)).toEqual([]);
    await submit('alpha', 1);
    await database.run(`UPDATE executions SET status = 'running'`);
    expect(await backlogs(database, 100)).toEqual([]);
  });

  it('says how long the first has been due; what is for later is not due and has no age', async () => {
    await submit('alpha', 2);
    await submit('beta', 1, 3_600_000);
    await database.run(`UPDATE executions SET due_at = due_at - 90000 WHERE queue = 'alpha'`);
    await submit('alpha', 1);
    const found = await backlogs(database, 100);
    expect(found.map(({ queue, waiting: count }) => [queue, count])).toEqual([
      ['alpha', 3],
      ['beta', 0],
    ]);
    expect(found[0]?.oldestMs).toBeGreaterThanOrEqual(90_000);
    expect(found[0]?.oldestMs).toBeLessThan(150_000);
    expect(found[1]?.oldestMs).toBe(0);
  });

  it('is one statement, which goes along the index of what is queued', async () => {
    await submit('alpha', 1);
    const read = jest.spyOn(database, 'read');
    await backlogs(database, 100);
    const statements = read.mock.calls.map(([sql]) => sql);
    read.mockRestore();
    expect(statements).toHaveLength(1);
    // PostgreSQL prefers the table itself while it is small.
    if (database.dialect.name !== 'sqlite') return;
    const plan = await database.read(`EXPLAIN QUERY PLAN ${statements[0]}`, [100]);
    const looks = plan.map(({ detail }) => String(detail)).filter((line) => /\b(executions|e)\b/.test(line));
    expect(looks.length).toBeGreaterThan(2);
    for (const look of looks) expect(look).toContain('ix_executions_queued');
  });

  it('counts the dead letters that nobody has looked after, no further than the limit', async () => {
    await database.run(
      `INSERT INTO dead_letters (execution_id, owner, target, queue, reason, fingerprint, message, failed_at, handled_at)
       VALUES ('a', 'o', 't', 'q', 'r', 'f', 'm', 1, NULL), ('b', 'o', 't', 'q', 'r', 'f', 'm', 1, NULL),
              ('c', 'o', 't', 'q', 'r', 'f', 'm', 1, 2)`,
    );
    expect([await countOpenDeadLetters(database, 10), await countOpenDeadLetters(database, 1)]).toEqual([2, 1]);
  });
});
