import { Turns } from '@longhaul/kernel';
import { Pool, type PoolClient } from 'pg';
import { CappedRows } from '../capped-rows';
import { type ReadOnlyAnswer, ReadOnlyDatabase, type ReadOnlyQuery } from '../read-only-database';
import { invalidQuery, outOfTime, refusedQuery } from '../query-errors';
import { refusedByText } from '../refused-by-text';
import { CursorReader } from './cursor-reader';
import { assertHarmlessRole } from './harmless-role';
import { DECLARE, mended } from './mended-error';

/** Bytes off the wire for one query: PostgreSQL sends rows whole, and a cell may have a gigabyte. */
const MAX_WIRE_BYTES = 32 * 1_048_576;
const TOO_MUCH = 'larger than 32 MiB: ask for fewer columns, or for parts of them by left(…, 1000)';
/** The server's own limit comes first; this is for a server that does not answer any more. */
const GRACE_MS = 1_000;
const CHECK_INTERVAL_MS = 500;

/**
 * Only reads, by four things that each suffice: the session's transactions are read-only by default; each query has a
 * transaction of its own that is read-only and always rolled back, with what it may have set; the statement goes by
 * the extended protocol, which takes one, and as a cursor, which takes a SELECT; and the role may have no power over
 * the server's files, programs and sessions (`assertHarmlessRole`), which no transaction would take from it.
 */
export class PostgresReadOnlyDatabase extends ReadOnlyDatabase {
  private readonly pool: Pool;
  private readonly turns: Turns;
  private harmless: Promise<void> | undefined;

  constructor(url: string, poolSize: number) {
    super();
    this.turns = new Turns(poolSize);
    this.pool = new Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
      keepAlive: true,
      application_name: 'longhaul-read-only',
      options: '-c default_transaction_read_only=on -c idle_in_transaction_session_timeout=15s',
    });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => {
      client.on('error', () => undefined);
      // A query that nobody waits for any more ends with its connection; not every server can look after that.
      client.query(`SET client_connection_check_interval = ${CHECK_INTERVAL_MS}`).catch(() => undefined);
    });
  }

  async query(query: ReadOnlyQuery): Promise<ReadOnlyAnswer> {
    const refusal = refusedByText(query.sql, 'postgres');
    if (refusal !== null) throw refusedQuery(refusal);
    const done = await this.turns.take(query.signal);
    try {
      const client = await this.pool.connect().catch((error: unknown) => {
        throw mended(error);
      });
      return await this.queryOn(client, query);
    } finally {
      done();
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async queryOn(client: PoolClient, query: ReadOnlyQuery): Promise<ReadOnlyAnswer> {
    const line = new Line(client, query);
    const rows = new CappedRows(query);
    const reader = new CursorReader('longhaul', rows, query.maxRows);
    try {
      await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(query.timeoutMs)}`);
      await this.assertHarmless(client);
      // Its own types know nothing of the mode.
      const declare = { text: `${DECLARE}${query.sql}`, values: [...query.params], queryMode: 'extended' };
      await client.query(declare);
      await reader.readOn(client);
    } catch (error) {
      query.signal?.throwIfAborted();
      if (line.isOutOfTime) throw outOfTime(query.timeoutMs, error);
      if (!line.isFull) throw mended(error, query.timeoutMs);
      if (rows.rows.length === 0) throw invalidQuery(`its rows are ${TOO_MUCH}`, error);
      rows.stop(`only the first ${rows.rows.length} rows are here: more would be ${TOO_MUCH}`);
    } finally {
      await line.release();
    }
    return { columns: reader.columns, rows: rows.rows, cut: rows.cut };
  }

  /** Once for all connections: they have one role. */
  private assertHarmless(client: PoolClient): Promise<void> {
    this.harmless ??= assertHarmlessRole(client).catch((error: unknown) => {
      this.harmless = undefined;
      throw error;
    });
    return this.harmless;
  }
}

/** A connection for the time of one query: destroyed when the query must not go on, else given back as it was. */
class Line {
  isFull = false;
  isOutOfTime = false;
  private bytes = 0;
  private isDestroyed = false;
  private readonly timer: NodeJS.Timeout;
  private readonly stream: NodeJS.ReadableStream & { destroy(): void };

  constructor(
    private readonly client: PoolClient,
    private readonly query: ReadOnlyQuery,
  ) {
    this.stream = (client as unknown as { connection: { stream: Line['stream'] } }).connection.stream;
    this.stream.on('data', this.count);
    query.signal?.addEventListener('abort', this.destroy);
    this.timer = setTimeout(() => {
      this.isOutOfTime = true;
      this.destroy();
    }, query.timeoutMs + GRACE_MS);
  }

  /** Nothing of a query stays with the connection: neither settings, nor locks, nor prepared statements. */
  async release(): Promise<void> {
    this.stream.off('data', this.count);
    this.query.signal?.removeEventListener('abort', this.destroy);
    try {
      if (!this.isDestroyed) {
        await this.client.query('ROLLBACK; SELECT pg_catalog.pg_advisory_unlock_all()');
      }
    } catch {
      this.isDestroyed = true;
    } finally {
      clearTimeout(this.timer);
      this.client.release(this.isDestroyed);
    }
  }

  private readonly count = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    if (this.bytes <= MAX_WIRE_BYTES) return;
    this.isFull = true;
    this.destroy();
  };

  private readonly destroy = (): void => {
    this.isDestroyed = true;
    this.stream.destroy();
  };
}
