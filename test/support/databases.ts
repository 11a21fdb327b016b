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
    suite(
      opened(
        () => Promise.resolve(options),
        () => rmSync(folder, { recursive: true, force: true }),
      ),
    );
  });

  describeWithPostgres(`${name} (postgres)`, (serverUrl) => {
    let fresh: Awaited<ReturnType<typeof freshDatabase>> | undefined;
    suite(
      opened(
        async () => {
          fresh = await freshDatabase(serverUrl());
          return { backend: 'postgres', url: fresh.url, poolSize: 10 };
        },
        () => fresh?.drop(),
      ),
    );
  });
}

function opened(
  prepare: () => Promise<PersistenceOptions>,
  remove: () => Promise<void> | void | undefined,
): () => TestDatabase {
  let current: TestDatabase | undefined;
  beforeAll(async () => {
    current = await openTestDatabase(await prepare());
  });
  afterAll(async () => {
    await current?.database.close();
    await current?.dataSource.destroy();
    await remove();
  });
  return () => {
    if (!current) throw new Error('the database is there from beforeAll on');
    return current;
  };
}

export async function openTestDatabase(options: PersistenceOptions): Promise<TestDatabase> {
  const dataSource = await new DataSource(
    dataSourceOptions(options, [...EXECUTION_ENTITIES, ...AGENT_ENTITIES, ...DELIVERY_ENTITIES, ...TOOL_ENTITIES]),
  ).initialize();
  await migrate(dataSource);
  return { database: openDatabase(options, dataSource), dataSource, options };
}
