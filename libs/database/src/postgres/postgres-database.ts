import { Pool, types } from 'pg';
import { Database, isProgramError, type Statement, type Write } from '../database';
import { postgresDialect } from '../dialect';
import type { LifeSign, LifeSignEvents } from '../life-sign';
import type { Row, SqlValue } from '../row';
import { PostgresLifeSign } from './postgres-life-sign';

/** serialization_failure and deadlock_detected: nothing was written, and the same again may well succeed. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const MAX_TRIES = 5;
const STATEMENT_TIMEOUT_MS = 15_000;
/** Classes of SQLSTATE by which the server refuses a statement for what it says: data, constraints, syntax, limits. */
const REFUSALS = /^(?:21|22|23|42|54)/;
/**
 * Every statement here finds its rows by key. A plan is made when the tables are young and kept while they grow: without
 * statistics the planner reads whole tables for a handful of ids (a claim took 3 ms beside 4,000 waiting executions,
 * and more beside more). Compiling a plan would take longer than any of them runs.
 */
const PLANNER = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';
/** A life sign that is not answered by then is made anew. */
const LIFE_SIGN_TIMEOUT_MS = 5_000;
const INT8 = 20;
const JSON_OID = 114;

interface Prepared {
  name: string;
  text: string;
  values: SqlValue[];
}

export class PostgresDatabase extends Database {
  readonly dialect = postgresDialect;
  private readonly pool: Pool;
  /** Every text is prepared once a connection; there are as many texts as statements in the code. */
  private readonly names = new Map<string, string>();

  constructor(
    private readonly url: string,
    poolSize: number,
    onIdleError: (error: Error) => void,
  ) {
    super();
    this.pool = new Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: 5_000,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      // The server's own limit does not help where no server answers any more.
      query_timeout: STATEMENT_TIMEOUT_MS + 3_000,
      idle_in_transaction_session_timeout: 15_000,
      keepAlive: true,
      // What need not wait for an answer is sent right behind: a transaction costs two round trips, not five.
      pipeline: true,
      application_name: 'longhaul',
      options: PLANNER,
      types: TYPES,
    });
    this.pool.on('error', onIdleError);
    // A connection in use has no listener of the pool's: without one of ours its loss would end the process. Whoever
    // uses it learns of the loss by his statement.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
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
    return (await this.pool.query<Row>(this.prepared({ sql, params })).catch(throwCoded)).rows;
  }

  isRefusal(error: unknown): boolean {
    return isProgramError(error) || REFUSALS.test((error as { code?: string } | null)?.code ?? '');
  }

  showLife(events: LifeSignEvents): Promise<LifeSign> {
    const config = {
      connectionString: this.url,
      connectionTimeoutMillis: LIFE_SIGN_TIMEOUT_MS,
      query_timeout: LIFE_SIGN_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'longhaul-life-sign',
      options: PLANNER,
      types: TYPES,
    };
    return PostgresLifeSign.show(config, events);
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async transaction<T>(fn: () => Write<T>): Promise<T> {
    const write = fn();
    const first = write.next();
    if (first.done) return first.value;
    const client = await this.pool.connect().catch(throwCoded);
    const answers: Promise<unknown>[] = [];
    // What is behind a statement that failed fails too, as "transaction is aborted": that says nothing.
    let cause: { error: unknown } | undefined;
    const send = (query: string | Prepared) => {
      const answer = client.query<Row>(query).catch(throwCoded);
      answers.push(answer);
      answer.catch((error: unknown) => (cause ??= { error }));
      return answer;
    };
    let broken: Error | undefined;
    try {
      void send('BEGIN');
      let next: IteratorResult<Statement, T> = first;
      while (!next.done) {
        const answer = send(this.prepared(next.value));
        next = write.next(next.value.silent ? [] : (await answer).rows);
      }
      // After a statement that failed, the server makes it a ROLLBACK.
      void send('COMMIT');
      await Promise.all(answers);
      return next.value;
    } catch (error) {
      // A connection that cannot roll back is not given to anybody else.
      await client.query('ROLLBACK').catch((reason: Error) => (broken = reason));
      throw cause ? cause.error : error;
    } finally {
      client.release(broken);
    }
  }

  private prepared({ sql, params = [] }: Statement): Prepared {
    let name = this.names.get(sql);
    if (!name) this.names.set(sql, (name = `lh${this.names.size}`));
    return { name, text: sql, values: [...params] };
  }
}

/** What the driver finds out by itself, a line that went dead or an answer that does not come, it gives no code. */
function throwCoded(error: unknown): never {
  if (error instanceof Error && !('code' in error)) Object.assign(error, { code: 'ECONNABORTED' });
  throw error;
}

/** The same rows as SQLite gives: bigint as number (milliseconds and counters stay below 2^53), json as its text. */
function parserFor(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8) return Number;
  if (oid === JSON_OID) return String;
  return types.getTypeParser(oid, format);
}

const TYPES = { getTypeParser: parserFor as typeof types.getTypeParser };
