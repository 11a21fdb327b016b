import type { Write } from '@longhaul/database';
import { describeOnDatabases, openTestDatabase } from '../../support/databases';

describeOnDatabases('Database', (get) => {
  const count = async () => Number((await get().database.read('SELECT count(*) AS n FROM workers'))[0]?.n);

  function* insert(id: string): Write<string> {
    yield {
      sql: `INSERT INTO workers (id, host, pid, version, queues, started_at, renewed_at)
            VALUES ($1, 'h', 1, 'v', '{}', 0, 0)`,
      params: [id],
    };
    return id;
  }

  beforeEach(() => get().database.run('DELETE FROM workers'));

  it('has no difference between its migrations and the entities', async () => {
    const { upQueries } = await get().dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map((query) => query.query)).toEqual([]);
  });

  it('migrates once, whoever comes together', async () => {
    const others = await Promise.all([1, 2, 3].map(() => openTestDatabase(get().options)));
    for (const { database, dataSource } of others) {
      await database.ping();
      await database.close();
      await dataSource.destroy();
    }
  });

  it('keeps nothing of a write that fails', async () => {
    const { database } = get();
    const write = database.write(function* () {
      yield* insert('a');
      yield { sql: 'INSERT INTO nowhere VALUES (1)' };
    });
    await expect(write).rejects.toThrow(/nowhere/);
    expect(await count()).toBe(0);
  });

  it('rejects with the error of the statement that failed, and not of one that was sent behind it', async () => {
    const { database } = get();
    const error: unknown = await database
      .write(function* () {
        yield { sql: 'INSERT INTO nowhere VALUES (1)', silent: true };
        yield { sql: 'SELECT 1 AS one' };
      })
      .catch((reason: unknown) => reason);
    expect(String(error)).toContain('nowhere');
    expect(database.isRefusal(error)).toBe(true);
  });

  it('keeps nothing of a write that throws between its statements', async () => {
    const write = get().database.write(function* () {
      yield* insert('a');
      throw new Error('changed my mind');
    });
    await expect(write).rejects.toThrow('changed my mind');
    expect(await count()).toBe(0);
  });

  // On a connection shared by the ORM, a transaction begun inside a stranger's became a savepoint in it: it resolved,
  // and was gone with the stranger's ROLLBACK.
  it('keeps every write that resolved, although strangers fail in the same moment', async () => {
    const { database } = get();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        database.write(function* () {
          const id = yield* insert(`w${n}`);
          if (n % 5 === 0) yield { sql: 'INSERT INTO nowhere VALUES (1)' };
          return id;
        }),
      ),
    );
    const kept = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(kept).toHaveLength(40);
    const stored = await database.read('SELECT id FROM workers');
    expect(new Set(stored.map((row) => row.id))).toEqual(new Set(kept));
  });

  it('shows a reader nothing that is not committed', async () => {
    const { database } = get();
    const seen: number[] = [];
    const write = database.write(function* () {
      yield* insert('a');
      // Asked in the middle of the transaction, from outside of it.
      void count().then((n) => seen.push(n));
      yield* insert('b');
    });
    await write;
    expect([...seen, await count()]).not.toContain(1);
  });

  it('gives numbers as numbers, json as its text, and takes many rows as one parameter', async () => {
    const { database } = get();
    const rows = database.dialect.recordset('x', { id: 'text', n: 'bigint', yes: 'boolean', doc: 'json' }, '$1');
    const answer = await database.read(`SELECT x.id, x.n, x.doc FROM ${rows} WHERE x.yes ORDER BY x.id`, [
      JSON.stringify([
        { id: 'a', n: 1_763_776_800_000, yes: true, doc: { k: [1, '2'] } },
        { id: 'b', n: null, yes: true, doc: null },
        { id: 'c', n: 2, yes: false, doc: 'text' },
        { id: 'd', n: 3, yes: true, doc: 'text' },
      ]),
    ]);
    expect(answer).toEqual([
      { id: 'a', n: 1_763_776_800_000, doc: '{"k":[1,"2"]}' },
      { id: 'b', n: null, doc: null },
      { id: 'd', n: 3, doc: '"text"' },
    ]);
  });

  it('tells the time of the database in milliseconds', async () => {
    const { database } = get();
    const [row] = await database.read(`SELECT ${database.dialect.now} AS now`);
    expect(Math.abs(Number(row?.now) - Date.now())).toBeLessThan(60_000);
  });
});
