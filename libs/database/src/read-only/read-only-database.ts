import type { JsonValue } from '@longhaul/kernel';
import type { SqlValue } from '../row';

export interface ReadOnlyQuery {
  /** One statement that reads; parameters stand as `$1`, `$2`… on both databases. */
  readonly sql: string;
  readonly params: readonly SqlValue[];
  readonly maxRows: number;
  /** Of the whole answer, as JSON; about. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Aborting ends the query, and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Cells are what JSON has; what it has not (dates, decimals, large integers) is text, bytes are `\x` and hex. */
export interface ReadOnlyAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly JsonValue[])[];
  /** What was left out, as a sentence; null when all is there. */
  readonly cut: string | null;
}

/**
 * Somebody's database, for queries that nobody has looked at. Whatever the text says, nothing is changed: each backend
 * refuses it by itself (see there), and the look at the text (`refusedByText`) is only on top.
 *
 * `query` throws `PermanentError` for what another text would mend (`invalid_input`: refused, or wrong; `timeout`), and
 * `RetryableError` (`unavailable`) where the database does not answer.
 */
export abstract class ReadOnlyDatabase {
  abstract query(query: ReadOnlyQuery): Promise<ReadOnlyAnswer>;

  /** What is under way fails. */
  abstract close(): Promise<void>;
}
