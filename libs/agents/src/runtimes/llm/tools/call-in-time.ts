/** A tool took longer than its `timeoutMs`. */
export class ToolTimeout extends Error {
  override readonly name = 'TimeoutError';
}

/** What a timer can wait for. */
const LONGEST_MS = 2_147_483_647;

/**
 * Calls `fn` with a signal that aborts when the run must stop or the time is up. Rejects with `ToolTimeout` when it is
 * up, also where `fn` does not listen; a run that must stop is left to `fn`, which has its five seconds.
 */
export async function callInTime<T>(
  ms: number,
  signal: AbortSignal,
  fn: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const time = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const expire = () => {
    const timeout = new ToolTimeout(`took longer than ${ms / 1000} s`);
    time.abort(timeout);
    reject(timeout);
  };
  const timer = setTimeout(expire, Math.min(ms, LONGEST_MS));
  try {
    return await Promise.race([fn(AbortSignal.any([signal, time.signal])), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
