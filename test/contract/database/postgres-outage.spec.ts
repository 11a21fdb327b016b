import { type Database, openDatabase } from '@longhaul/database';
import type { DataSource } from 'typeorm';
import { eventually } from '../../support/eventually';
import { describeWithOwnPostgres } from '../../support/servers';
import { TcpProxy } from '../../support/tcp-proxy';

describeWithOwnPostgres('PostgreSQL that goes away', (server) => {
  let proxy: TcpProxy;
  let database: Database;

  beforeEach(async () => {
    proxy = await TcpProxy.before(server().url);
    const options = { backend: 'postgres' as const, url: proxy.url(server().url), poolSize: 4 };
    database = openDatabase(options, undefined as unknown as DataSource);
    await database.ping();
  });
  afterEach(async () => {
    await database.close();
    await proxy.close();
  });

  const sleepers = `FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND query NOT LIKE '%pg_stat%'`;

  function longWrite(): Promise<number> {
    return database.write(function* () {
      yield { sql: 'SELECT 1' };
      yield { sql: 'SELECT pg_sleep(30)' };
      return 1;
    });
  }

  // A client in use has no listener of the pool's: its loss once ended the process as an uncaught exception.
  it('rejects the write whose connection is reset, and serves the next', async () => {
    const outcome = longWrite().catch(String);
    await eventually(async () => (await database.read(`SELECT 1 ${sleepers}`)).length > 0);
    proxy.resetAll();
    expect(await outcome).toMatch(/terminated|ECONNRESET|closed/i);
    await eventually(() => database.ping().then(() => true));
  });

  it('rejects the write whose session the server ends, and does not take that for a refusal', async () => {
    const outcome = longWrite().catch((error: unknown) => error);
    await eventually(async () => (await database.read(`SELECT pg_terminate_backend(pid) ${sleepers}`)).length > 0);
    const error = await outcome;
    expect(error).toBeInstanceOf(Error);
    expect(database.isRefusal(error)).toBe(false);
    await eventually(() => database.ping().then(() => true));
  });

  // The driver gives these no code; without one an outage was told as an error of the gateway's own.
  it('gives a code to the loss of a server that dies, and to a pool that has nothing left', async () => {
    const outcomes = Array.from({ length: 4 }, () => longWrite().catch((error: unknown) => error));
    const fifth = await database.run('SELECT 1').catch((error: unknown) => error);
    expect(fifth).toMatchObject({ message: expect.stringContaining('timeout exceeded'), code: 'ECONNABORTED' });
    await server().kill();
    const codes = (await Promise.all(outcomes)).map((error) => (error as { code?: string }).code);
    await server().restart();
    expect(codes).toEqual(Array(4).fill(expect.stringMatching(/^ECONN/)));
    await eventually(() => database.ping().then(() => true));
  });

  it('takes for a refusal what would be refused again', async () => {
    const refused = [`SELECT 'x'::integer`, 'SELECT nothing', `SELECT '\\ud800'::jsonb`];
    for (const sql of refused) {
      const error = await database.run(sql).catch((reason: unknown) => reason);
      expect([sql, database.isRefusal(error)]).toEqual([sql, true]);
    }
  });
});
