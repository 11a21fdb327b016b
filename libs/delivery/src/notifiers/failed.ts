import type { TryOutcome } from '../delivery';

type Failed = Extract<TryOutcome, { kind: 'failed' }>;

/** A failed try. What is absent is left out. */
export function failed(
  error: string,
  retryable: boolean,
  more: { [K in 'status' | 'retryAfterMs' | 'excerpt']?: Failed[K] | undefined } = {},
): Failed {
  const { status, retryAfterMs, excerpt } = more;
  return {
    kind: 'failed',
    error,
    retryable,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(excerpt === undefined ? {} : { excerpt }),
  };
}

/** Statuses after which the same request may be taken later. */
export function mayPass(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}
