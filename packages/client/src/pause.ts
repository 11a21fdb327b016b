/** Resolves after so long; rejects with the signal's reason when that comes first. */
export function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

const FIRST_MS = 200;
const LONGEST_MS = 5_000;

/** Before try `attempt + 1`: doubles up to five seconds, and half of it is chance, so that clients do not come as one. */
export function backOffMs(attempt: number): number {
  const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return ms / 2 + Math.random() * (ms / 2);
}
