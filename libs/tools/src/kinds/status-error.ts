import { NoEffectError, PermanentError, RetryableError } from '@longhaul/kernel';
import { type OutboundResponse, retryAfterMs } from '@longhaul/outbound';

/** A later try may be answered otherwise. */
const RETRYABLE = [408, 425, 429];

/**
 * What an answer that is none means: a `PermanentError`, which a model may mend, for 3xx and 4xx; a `RetryableError` with
 * the server's own wait for 408, 425, 429 and 5xx. `atMostOnce`: a 429 is a `NoEffectError`, since a refused call has
 * done nothing.
 */
export function statusError(
  { status, headers }: Pick<OutboundResponse, 'status' | 'headers'>,
  message: string,
  atMostOnce = false,
): PermanentError | RetryableError {
  const code = 'outbound_failed';
  const details = { status };
  if (!RETRYABLE.includes(status) && status < 500) return new PermanentError(message, { code, details });
  const waitMs = retryAfterMs(headers['retry-after']);
  const more = { code, details, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) } as const;
  return atMostOnce && status === 429 ? new NoEffectError(message, more) : new RetryableError(message, more);
}
