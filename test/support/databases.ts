import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, dataSourceOptions, migrate, openDatabase, type PersistenceOptions } from '@longhaul/database';
import { AGENT_ENTITIES } from '@longhaul/agents';
import { DELIVERY_ENTITIES } from '@longhaul/delivery';
import { EXECUTION_ENTITIES } from '@longhaul/executions';
import { TOOL_ENTITIES } from '@longhaul/tools';
import { DataSource } from 'typeorm';
import { describeWithPostgres, freshDatabase } from './servers';

export interface TestDatabase {
  database: Database;
  dataSource: DataSource;
  options: PersistenceOptions;
}

/** The same suite on a fresh, migrated SQLite file and on a fresh, migrated PostgreSQL database, one each. */
export function describeOnDatabases(name: string, suite: (get: () => TestDatabase) => void): void {
  describe(`${name} (sqlite)`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-db-'));
    const options: PersistenceOptions = { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 };
    onDatabase(
      () => Promise.resolve(options),
      () => rmSync(folder, { recursive: true, force: true }),
      suite,
    );
  });

  describeWithPostgres(`${name} (postgres)`, (serverUrl) => {
    let fresh: Awaited<ReturnType<typeof freshDatabase>> | undefined;
    onDatabase(
      async () => {
        fresh = await freshDatabase(serverUrl());
        return { backend: 'postgres', url: fresh.url, poolSize: 10 };
      },
      () => fresh?.drop(),
      suite,
    );
  });
}

function onDatabase(
  prepare: () => Promise<PersistenceOptions>,
  remove: () => Promise<void> | void | undefined,
  suite: (get: () => TestDatabase) => void,
): void {
  let current: TestDatabase | undefined;
  beforeAll(async () => {
    current = await openTestDatabase(await prepare());
  });
  suite(() => {
    if (!current) throw new Error('the database is there from beforeAll on');
    return current;
  });
  // After the suite's own: hooks run in the order of their lines, and a worker must end before its database goes.
  afterAll(async () => {
    await current?.database.close();
    await current?.dataSource.destroy();
    await remove();
  });
}

export async function openTestDatabase(options: PersistenceOptions): Promise<TestDatabase> {
  const dataSource = await new DataSource(
    dataSourceOptions(options, [...EXECUTION_ENTITIES, ...AGENT_ENTITIES, ...DELIVERY_ENTITIES, ...TOOL_ENTITIES]),
  ).initialize();
  await migrate(dataSource);
  return { database: openDatabase(options, dataSource), dataSource, options };
}
