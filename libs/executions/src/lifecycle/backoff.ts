import type { Backoff } from '../execution-targets';

/** No wait is longer, whatever the back-off says. */
const MAX_BACKOFF_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Milliseconds until the next attempt after `attempt` failed (1 = the first). Jitter takes up to half away, so that
 * what failed together does not come back together ("equal jitter", AWS Architecture Blog, "Exponential Backoff And
 * Jitter", 2015). `random` is in [0, 1).
 */
export function backoffMs(backoff: Backoff, attempt: number, random = Math.random()): number {
  const wait = Math.min(backoff.delayMs * growth(backoff.kind, attempt), MAX_BACKOFF_MS);
  return Math.round(wait * (1 - random / 2));
}

/** What somebody asked for by a Retry-After, if it is a length of time at all: at least 0, at most a day. */
export function askedDelayMs(asked: number | undefined): number | undefined {
  return asked !== undefined && Number.isFinite(asked) ? Math.round(Math.min(Math.max(asked, 0), DAY_MS)) : undefined;
}

function growth(kind: Backoff['kind'], attempt: number): number {
  switch (kind) {
    case 'fixed':
      return 1;
    case 'linear':
      return attempt;
    case 'exponential':
      return 2 ** Math.min(attempt - 1, 30);
  }
}
