import type { DataSource } from 'typeorm';

/** Any number, the same in every Longhaul process: the name of the lock under which a database is migrated. */
const MIGRATION_LOCK = 5_064_001;
const SQLITE_TRIES = 20;

/** Brings the schema up to date. Processes that start together take turns; those that come second find nothing to do. */
export async function migrate(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type === 'postgres') await migratePostgres(dataSource);
  else await migrateSqlite(dataSource);
}

async function migratePostgres(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await dataSource.runMigrations({ transaction: 'each' });
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await runner.release();
  }
}

/** SQLite has no lock to take turns by: whoever loses the race fails, looks again, and finds it done. */
async function migrateSqlite(dataSource: DataSource): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await dataSource.runMigrations({ transaction: 'each' });
      return;
    } catch (error) {
      if (attempt === SQLITE_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
