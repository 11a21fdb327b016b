import { Pool, type PoolClient, types } from 'pg';
import { Database, type Row, type SqlValue, type Statement, type Write } from '../database';
import { postgresDialect } from '../dialect';

/** serialization_failure and deadlock_detected: nothing was written, and the same again may well succeed. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const MAX_TRIES = 5;
const INT8 = 20;
const JSON_OID = 114;

export class PostgresDatabase extends Database {
  readonly dialect = postgresDialect;
  private readonly pool: Pool;
  /** Every text is prepared once a connection; there are as many texts as statements in the code. */
  private readonly names = new Map<string, string>();

  constructor(url: string, poolSize: number, onIdleError: (error: Error) => void) {
    super();
    this.pool = new Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 15_000,
      keepAlive: true,
      application_name: 'longhaul',
      types: { getTypeParser: parserFor as typeof types.getTypeParser },
    });
    this.pool.on('error', onIdleError);
  }

  async write<T>(fn: () => Write<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.transaction(fn);
      } catch (error) {
        if (attempt === MAX_TRIES || !TRY_AGAIN.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    return this.read(sql, params);
  }

  async read(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(this.prepared({ sql, params }))).rows;
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async transaction<T>(fn: () => Write<T>): Promise<T> {
    const write = fn();
    const first = write.next();
    if (first.done) return first.value;
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const value = await this.step(client, write, first.value);
      await client.query('COMMIT');
      return value;
    } catch (error) {
      // A connection that cannot roll back is not given to anybody else.
      await client.query('ROLLBACK').catch((reason: Error) => (broken = reason));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private async step<T>(client: PoolClient, write: Write<T>, first: Statement): Promise<T> {
    let statement = first;
    for (;;) {
      const { rows } = await client.query<Row>(this.prepared(statement));
      const next = write.next(rows);
      if (next.done) return next.value;
      statement = next.value;
    }
  }

  private prepared({ sql, params = [] }: Statement): { name: string; text: string; values: SqlValue[] } {
    let name = this.names.get(sql);
    if (!name) this.names.set(sql, (name = `lh${this.names.size}`));
    return { name, text: sql, values: [...params] };
  }
}

/** The same rows as SQLite gives: bigint as number (milliseconds and counters stay below 2^53), json as its text. */
function parserFor(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8) return Number;
  if (oid === JSON_OID) return (text: string) => text;
  return types.getTypeParser(oid, format as 'text');
}
