import { ConfigurationError, LonghaulError } from './errors';

export interface UntilReadyOptions {
  /** What is waited for, as the reader of a log knows it: `PostgreSQL at 127.0.0.1:5432`. Never a password. */
  name: string;
  /** Give up after this many milliseconds. */
  limitMs: number;
  /** Told about each failed try. */
  onRetry(message: string): void;
}

/**
 * Tries to reach a dependency at start-up until it answers: 0.25 s after the first failure, twice as long each time,
 * at most 5 s. A `ConfigurationError` is not waited for. Throws `unavailable` with the last reason at the limit.
 */
export async function untilReady<T>(attempt: () => Promise<T>, options: UntilReadyOptions): Promise<T> {
  const startedAt = performance.now();
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 5_000)) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      const reason = reasonOf(error);
      if (performance.now() - startedAt + waitMs > options.limitMs) {
        throw new LonghaulError(
          'unavailable',
          `${options.name} did not answer within ${options.limitMs / 1000} s (server.startup_timeout_s): ${reason}`,
          { retryable: true, cause: error },
        );
      }
      options.onRetry(`${options.name} is not reachable (${reason}); trying again in ${waitMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** A refused dual-stack connect is an AggregateError without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message || error.name : String(error);
}
