import { LonghaulError } from '@longhaul/kernel';
import type { Dialect } from './dialect';
import type { LifeSign, LifeSignEvents } from './life-sign';
import type { Row, SqlValue } from './row';

/** One SQL statement for both dialects. Parameters stand as `$1`, `$2`…, each an integer, string, boolean or null. */
export interface Statement {
  sql: string;
  params?: readonly SqlValue[];
  /** It answers no rows: the next statement, or the commit, may be sent before its answer is there. */
  silent?: true;
}

/**
 * The statements of one transaction: yields each and is given its rows. It may run more than once (a deadlock is tried
 * again), so it must not touch anything outside but its own variables.
 */
export type Write<T> = Generator<Statement, T, Row[]>;

/**
 * The only door to the database for everything but entity reads.
 *
 * `write` is a generator and not an async function because SQLite's one writer must not wait inside a transaction for
 * anything else: there it is stepped without a pause, on PostgreSQL it is awaited. An await in between would let a
 * stranger's statement into the transaction, and his ROLLBACK would take ours along.
 */
export abstract class Database {
  /** What the two dialects say differently. */
  abstract readonly dialect: Dialect;

  /** All statements or none. Resolves after the commit is on disk. Rejects with the statement's error, rolled back. */
  abstract write<T>(fn: () => Write<T>): Promise<T>;

  /** One statement as its own transaction: `write` without the two extra round trips. */
  abstract run(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;

  /** Committed rows only, never those of a transaction under way. */
  abstract read(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;

  /**
   * Whether a write was refused for what it is: surely nothing of it is there, and the same again would be refused
   * again. False in every doubt: the connection may have been lost after the commit.
   */
  abstract isRefusal(error: unknown): boolean;

  /** Shows from now on that this process lives: see `LifeSign`. */
  abstract showLife(events: LifeSignEvents): Promise<LifeSign>;

  /** Resolves when the database answers; for readiness. */
  async ping(): Promise<void> {
    await this.read('SELECT 1');
  }

  abstract close(): Promise<void>;
}

/** Thrown by the generator itself, before or between its statements. */
export function isProgramError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof LonghaulError;
}
