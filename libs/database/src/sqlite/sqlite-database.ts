import BetterSqlite3 from 'better-sqlite3';
import { Database, isProgramError, type Statement, type Write } from '../database';
import { sqliteDialect } from '../dialect';
import type { LifeSign } from '../life-sign';
import type { Row, SqlValue } from '../row';
import { isProcessGone, ownMark } from './process-mark';

interface Pending {
  fn: () => Write<unknown>;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** How long the writer waits for another process's transaction, in tries of BUSY_TIMEOUT_MS with a pause between. */
const BUSY_TIMEOUT_MS = 50;
const BUSY_TRIES = 100;
const MAX_GROUP = 256;
/** The codes by which SQLite refuses a statement for what it says, and not for the state of the file. */
const REFUSALS = /^SQLITE_(?:CONSTRAINT|ERROR$|TOOBIG|MISMATCH|RANGE)/;

/**
 * One writer, one reader, one file. What is asked within one turn of the event loop shares one transaction and one
 * fsync (group commit); each write in it has a savepoint of its own, so that a failing one takes nobody along.
 */
export class SqliteDatabase extends Database {
  readonly dialect = sqliteDialect;
  private readonly writer: BetterSqlite3.Database;
  private readonly statements = new Map<string, BetterSqlite3.Statement>();
  private readonly readStatements = new Map<string, BetterSqlite3.Statement>();
  private pending: Pending[] = [];
  private flushing = false;

  /** `reader` is the ORM's own connection to the same file: nobody reads what is not committed. */
  constructor(
    path: string,
    private readonly reader: BetterSqlite3.Database,
  ) {
    super();
    this.writer = new BetterSqlite3(path, { timeout: BUSY_TIMEOUT_MS });
    this.writer.pragma('journal_mode = WAL');
    this.writer.pragma('synchronous = FULL');
    for (const connection of [this.writer, this.reader]) {
      connection.function('process_is_gone', (mark: unknown) => Number(isProcessGone(String(mark))));
    }
  }

  write<T>(fn: () => Write<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.pending.push({ fn, resolve, reject });
      if (!this.flushing) {
        this.flushing = true;
        setImmediate(() => void this.flush());
      }
    });
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    return this.write(function* (): Write<Row[]> {
      return yield { sql, params };
    });
  }

  // async: a driver error becomes a rejection, as on PostgreSQL.
  async read(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    return execute(this.reader, this.readStatements, { sql, params });
  }

  isRefusal(error: unknown): boolean {
    return isProgramError(error) || REFUSALS.test(codeOf(error));
  }

  /** The process is its own sign: whoever shares the file sees whether it is there. */
  showLife(): Promise<LifeSign> {
    return Promise.resolve({
      mark: ownMark(),
      run: (sql, params) => this.run(sql, params),
      close: () => Promise.resolve(),
    });
  }

  async close(): Promise<void> {
    while (this.flushing) await new Promise((resolve) => setImmediate(resolve));
    this.writer.close();
  }

  private async flush(): Promise<void> {
    try {
      while (this.pending.length > 0) {
        const group = this.pending.splice(0, MAX_GROUP);
        try {
          await this.begin();
          this.commitGroup(group);
        } catch (error) {
          for (const entry of group) entry.reject(error);
          this.rollBack();
        }
      }
    } finally {
      this.flushing = false;
    }
  }

  /** Another process may hold the write lock; its turn is waited for without blocking the event loop for long. */
  private async begin(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.control('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!codeOf(error).startsWith('SQLITE_BUSY') || attempt === BUSY_TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  }

  /** No await between BEGIN and COMMIT: see `Database`. */
  private commitGroup(group: Pending[]): void {
    const settle: (() => void)[] = [];
    for (const entry of group) {
      try {
        if (group.length > 1) this.control('SAVEPOINT w');
        const value = this.step(entry.fn());
        if (group.length > 1) this.control('RELEASE w');
        settle.push(() => entry.resolve(value));
      } catch (error) {
        // A full disk rolls the whole transaction back by itself; then nobody's write is there.
        if (!this.writer.inTransaction || group.length === 1) throw error;
        this.control('ROLLBACK TO w');
        this.control('RELEASE w');
        settle.push(() => entry.reject(error));
      }
    }
    this.control('COMMIT');
    for (const done of settle) done();
  }

  private rollBack(): void {
    try {
      if (this.writer.inTransaction) this.control('ROLLBACK');
    } catch {
      // Then there is no transaction any more, or the next BEGIN says what is wrong.
    }
  }

  private control(sql: string): void {
    execute(this.writer, this.statements, { sql });
  }

  private step<T>(write: Write<T>): T {
    let next = write.next();
    while (!next.done) next = write.next(execute(this.writer, this.statements, next.value));
    return next.value;
  }
}

/** By its code and not by its class: the driver has one class a process, whatever loads the module anew. */
function codeOf(error: unknown): string {
  return (error as { code?: string } | null)?.code ?? '';
}

function execute(
  db: BetterSqlite3.Database,
  prepared: Map<string, BetterSqlite3.Statement>,
  { sql, params = [] }: Statement,
): Row[] {
  let statement = prepared.get(sql);
  if (!statement) prepared.set(sql, (statement = db.prepare(sql)));
  const bound: Record<string, string | number | null> = {};
  params.forEach((value, index) => {
    bound[index + 1] = typeof value === 'boolean' ? Number(value) : value;
  });
  if (statement.reader) return statement.all(bound) as Row[];
  statement.run(bound);
  return [];
}
