import { PermanentError, RetryableError } from '@longhaul/kernel';

/** Not even sent, or refused by the database for what it would do. */
export function refusedQuery(reason: string): PermanentError {
  return new PermanentError(`the query was refused: ${reason}`, { code: 'invalid_input' });
}

/** Sent, and wrong by itself. */
export function invalidQuery(reason: string, cause?: unknown): PermanentError {
  return new PermanentError(`the query failed: ${reason}`, { code: 'invalid_input', cause });
}

export function outOfTime(timeoutMs: number, cause?: unknown): PermanentError {
  const message = `the query took longer than ${timeoutMs / 1_000} s and was stopped: ask for less, or by an indexed column`;
  return new PermanentError(message, { code: 'timeout', cause });
}

export function unavailable(reason: string, cause?: unknown): RetryableError {
  return new RetryableError(`the database does not answer: ${reason}`, { code: 'unavailable', cause });
}
