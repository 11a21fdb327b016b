import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Finding } from '@longhaul/kernel';
import { DataSource } from 'typeorm';
import { dataSourceOptions, type PersistenceOptions } from './data-source';
import { MIGRATIONS } from './migrations';

/** Further apart than this, times of the gateway and of the database look wrong to people. */
const CLOCK_WARNING_MS = 2_000;
const LITTLE_SPACE = 2 ** 30;

/**
 * What an operator should know of the database before or while a gateway runs on it: whether it answers, its clock,
 * which migrations it has, what it would lose and when. Changes nothing; a SQLite file that is not there is not made.
 * Rejects with the driver's error when it does not answer.
 */
export async function examineDatabase(options: PersistenceOptions): Promise<Finding[]> {
  if (options.backend === 'sqlite' && !existsSync(options.url)) {
    return [ok('database', `SQLite at ${options.url} is not there yet: the first start makes it`)];
  }
  const source = await new DataSource(dataSourceOptions(options, [])).initialize();
  try {
    const found =
      options.backend === 'sqlite' ? await examineSqlite(source, options.url) : await examinePostgres(source);
    return [...found, await examineMigrations(source)];
  } finally {
    await source.destroy();
  }
}

async function examineSqlite(source: DataSource, path: string): Promise<Finding[]> {
  const [{ version } = {}] = await source.query<{ version?: string }[]>('SELECT sqlite_version() AS version');
  const { bavail, bsize } = statfsSync(dirname(path));
  const free = bavail * bsize;
  const space = `${Math.round(free / 2 ** 20)} MB are free`;
  return [
    ok('database', `SQLite ${version} at ${path}`),
    free > LITTLE_SPACE
      ? ok('database.space', space)
      : {
          subject: 'database.space',
          level: 'warning',
          message: space,
          mend: 'make room: a full disk refuses submissions',
        },
    {
      subject: 'database.durability',
      level: 'warning',
      message: 'all is in one file on this disk: it survives every crash of the gateway, and not the loss of the disk',
      mend: 'back the file up with its -wal (or VACUUM INTO), or use PostgreSQL; never put it on a network file system',
    },
  ];
}

async function examinePostgres(source: DataSource): Promise<Finding[]> {
  const before = Date.now();
  const [row] = await source.query<{ version: string; now: string; fsync: string; commit: string }[]>(
    `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS commit,
            CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) AS now`,
  );
  if (!row) throw new Error('the server answered nothing');
  const ahead = Math.round(Number(row.now) - (before + Date.now()) / 2);
  const clock = `its clock is ${Math.abs(ahead)} ms ${ahead < 0 ? 'behind' : 'ahead of'} this machine's`;
  const isDurable = row.fsync === 'on' && row.commit !== 'off';
  return [
    ok('database', `PostgreSQL ${row.version}`),
    Math.abs(ahead) < CLOCK_WARNING_MS
      ? ok('database.clock', clock)
      : {
          subject: 'database.clock',
          level: 'warning',
          message: `${clock}: leases and deadlines go by the database's, so nothing breaks, but times in logs differ`,
          mend: 'let both follow NTP',
        },
    isDurable
      ? ok('database.durability', `fsync ${row.fsync}, synchronous_commit ${row.commit}`)
      : {
          subject: 'database.durability',
          level: 'warning',
          message: `fsync is ${row.fsync}, synchronous_commit ${row.commit}: a crash of the server loses what was accepted last`,
          mend: 'set both to on',
        },
  ];
}

async function examineMigrations(source: DataSource): Promise<Finding> {
  const known = MIGRATIONS.map(({ name }) => name);
  // Without the table nothing was migrated yet.
  const rows = await source.query<{ name: string }[]>('SELECT name FROM migrations').catch(() => []);
  const done = new Set(rows.map(({ name }) => name));
  const foreign = [...done].filter((name) => !known.includes(name));
  const missing = known.filter((name) => !done.has(name));
  const subject = 'database.migrations';
  if (foreign.length > 0) {
    return {
      subject,
      level: 'problem',
      message: `the database was migrated by a newer version: ${foreign.join(', ')}`,
      mend: 'run that version, or restore a backup of before',
    };
  }
  if (missing.length === 0) return ok(subject, `all ${known.length} are done`);
  return ok(subject, `${missing.length} of ${known.length} are to be done: the next start does them`);
}

function ok(subject: string, message: string): Finding {
  return { subject, level: 'ok', message };
}
