import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DataSourceOptions, EntitySchema, MixedList } from 'typeorm';
import { MIGRATIONS } from './migrations';

type EntityClass = abstract new () => unknown;

export interface PersistenceOptions {
  backend: 'sqlite' | 'postgres';
  /** A file path (sqlite) or a postgres:// URL. */
  url: string;
  /** Connections a process holds at most, PostgreSQL only. */
  poolSize: number;
}

/** The ORM's own connections serve entity reads and migrations; every write goes through `Database`. */
export function dataSourceOptions(options: PersistenceOptions, entities: EntityClass[]): DataSourceOptions {
  const both = {
    entities: entities as MixedList<(new () => unknown) | EntitySchema>,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: false as const,
  };
  if (options.backend === 'postgres') {
    return {
      ...both,
      type: 'postgres',
      url: options.url,
      poolSize: Math.max(2, Math.ceil(options.poolSize / 3)),
      connectTimeoutMS: 5_000,
      applicationName: 'longhaul-read',
    };
  }
  if (options.url !== ':memory:') mkdirSync(dirname(options.url), { recursive: true });
  return { ...both, type: 'better-sqlite3', database: options.url, enableWAL: true, timeout: 5_000 };
}
