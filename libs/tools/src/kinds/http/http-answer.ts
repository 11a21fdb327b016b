import { isUtf8 } from 'node:buffer';
import { type JsonValue, NoEffectError, PermanentError, redact, RetryableError } from '@longhaul/kernel';
import { type OutboundResponse, retryAfterMs } from '@longhaul/outbound';

/** A later try may be answered otherwise. */
const RETRYABLE = [408, 425, 429];
const EXCERPT_LENGTH = 2_000;

/**
 * What a model is told of a response: `{ status, body }`, the body as JSON where it is JSON. Throws a `PermanentError`,
 * which a model may mend, for 3xx and 4xx; a `RetryableError` with the server's own wait for 408, 425, 429 and 5xx.
 * `atMostOnce`: a 429 is a `NoEffectError`, since a refused call has done nothing.
 */
export function readAnswer(response: OutboundResponse, secrets: readonly string[], atMostOnce: boolean): JsonValue {
  const { status, headers } = response;
  const body = bodyOf(response, secrets);
  if (status < 300) return { status, body };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const said = text === '' ? '' : `: ${text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text}`;
  const message = `answered ${status}${said}`;
  const details = { status };
  if (RETRYABLE.includes(status) || status >= 500) {
    const waitMs = retryAfterMs(headers['retry-after']);
    const more = {
      code: 'outbound_failed',
      details,
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    } as const;
    throw atMostOnce && status === 429 ? new NoEffectError(message, more) : new RetryableError(message, more);
  }
  const to =
    status < 400 ? `, which would lose what was sent: set http.url to ${headers['location'] ?? 'its target'}` : '';
  throw new PermanentError(`${message}${to}`, { code: 'outbound_failed', details });
}

/** A server that repeats what it was sent must not publish it. */
function bodyOf({ headers, body }: OutboundResponse, secrets: readonly string[]): JsonValue {
  if (body.length === 0) return '';
  const type = headers['content-type'] ?? 'no Content-Type';
  if (!isUtf8(body) || body.includes(0)) return `[${body.length} bytes that are no text: ${type}]`;
  const text = redact(body.toString('utf8'), secrets);
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
