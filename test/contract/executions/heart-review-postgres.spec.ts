import { Database, openDatabase } from '@longhaul/database';
import type { DataSource } from 'typeorm';
import { eventually } from '../../support/eventually';
import { describeWithOwnPostgres } from '../../support/servers';
import { TcpProxy } from '../../support/tcp-proxy';

describeWithOwnPostgres('PostgreSQL that goes away', (server) => {
  let proxy: TcpProxy;
  let database: Database;
  beforeEach(async () => {
    proxy = await TcpProxy.before(server().url);
    database = openDatabase(
      { backend: 'postgres', url: proxy.url(server().url), poolSize: 4 },
      undefined as unknown as DataSource,
    );
    await database.read('SELECT 1');
  });

  it('a connection reset in the middle of a write rejects that write and nothing else', async () => {
    const writing = database.write(function* () {
      yield { sql: 'SELECT 1' };
      yield { sql: 'SELECT pg_sleep(3)' };
      return 1;
    });
    const refused = expect(writing).rejects.toThrow();
    await eventually(
      async () =>
        (
          await database.read(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%' AND query NOT LIKE '%pg_stat%'",
          )
        ).length > 0,
    );
    proxy.set({ kind: 'reset' });
    await refused;
    await new Promise((resolve) => setTimeout(resolve, 200));
  });

  it('a backend that the server ends in the middle of a write rejects that write and nothing else', async () => {
    const writing = database.write(function* () {
      yield { sql: 'SELECT 1' };
      yield { sql: 'SELECT pg_sleep(3)' };
      return 1;
    });
    const refused = expect(writing).rejects.toThrow();
    await eventually(
      async () =>
        (
          await database.read(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%' AND query NOT LIKE '%pg_stat%'",
          )
        ).length > 0,
    );
    await refused;
    await new Promise((resolve) => setTimeout(resolve, 200));
  });

  it('a statement into a black hole is given up', async () => {
    proxy.set({ kind: 'blackhole' });
    const outcome = await Promise.race([
      database.run('SELECT 1').then(
        () => 'answered',
        () => 'given up',
      ),
      new Promise((resolve) => setTimeout(() => resolve('still waiting'), 25_000).unref()),
    ]);
    proxy.set({ kind: 'reset' });
    expect(outcome).toBe('given up');
  }, 40_000);
});
