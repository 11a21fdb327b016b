import { resolve } from 'node:path';
import { ConfigurationError } from '@longhaul/kernel';
import { PostgresReadOnlyDatabase } from './postgres/postgres-read-only-database';
import type { ReadOnlyDatabase } from './read-only-database';
import { SqliteReadOnlyDatabase } from './sqlite/sqlite-read-only-database';

export interface ReadOnlyOptions {
  /** Queries at once; the others wait. */
  readonly poolSize: number;
  /** What a relative path of a SQLite file starts from. */
  readonly folder: string;
}

/**
 * `postgres://…`, `postgresql://…`, or `sqlite:` and the path of a file. Opens nothing before the first query. Throws a
 * ConfigurationError for any other URL, without showing it: it may hold a password.
 */
export function openReadOnlyDatabase(url: string, { poolSize, folder }: ReadOnlyOptions): ReadOnlyDatabase {
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) return new PostgresReadOnlyDatabase(url, poolSize);
  const path = /^sqlite:(?:\/\/(?=\/))?(?<path>.+)$/.exec(url)?.groups?.path;
  if (path !== undefined) return new SqliteReadOnlyDatabase(resolve(folder, path), poolSize);
  throw new ConfigurationError(
    'expected the URL of a database: postgres://user:password@host/name, or sqlite: and the path of a file',
  );
}
