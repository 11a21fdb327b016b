import type { Row, SqlValue } from './row';

/**
 * What a process shows, and what ends with it without a word of its own, so that others see its death at once and need
 * not wait for its silence. They look for its `mark` with `Dialect.dead`.
 */
export abstract class LifeSign {
  /** What others look for: to be stored where they find it. At most 128 characters. */
  abstract readonly mark: string;

  /** One statement that goes through only while the sign is shown: whatever it stores was said by the living. */
  abstract run(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;

  /** Shows it no longer. */
  abstract close(): Promise<void>;
}

export interface LifeSignEvents {
  /** It is not shown any more and never will be: whoever looks soon takes its process for dead. Called once at most. */
  onLost(reason: string): void;
  /** It was not shown for a moment, and is again: somebody may have looked meanwhile. */
  onRestored(): void;
}
