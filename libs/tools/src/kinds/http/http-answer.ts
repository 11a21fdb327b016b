import { isUtf8 } from 'node:buffer';
import { type JsonValue, redact } from '@longhaul/kernel';
import type { OutboundResponse } from '@longhaul/outbound';
import { statusError } from '../status-error';

const EXCERPT_LENGTH = 2_000;

/** What a model is told of a response: `{ status, body }`, the body as JSON where it is JSON. Throws a `statusError`. */
export function readAnswer(response: OutboundResponse, secrets: readonly string[], atMostOnce: boolean): JsonValue {
  const { status, headers } = response;
  const body = bodyOf(response, secrets);
  if (status < 300) return { status, body };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const said = text === '' ? '' : `: ${text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text}`;
  const message = `answered ${status}${said}`;
  const to =
    status < 400 ? `, which would lose what was sent: set http.url to ${headers['location'] ?? 'its target'}` : '';
  throw statusError(response, redact(`${message}${to}`, secrets), atMostOnce);
}

/** A server that repeats what it was sent must not publish it. */
function bodyOf({ headers, body }: OutboundResponse, secrets: readonly string[]): JsonValue {
  if (body.length === 0) return '';
  const type = redact(headers['content-type'] ?? 'no Content-Type', secrets);
  if (!isUtf8(body) || body.includes(0)) return `[${body.length} bytes that are no text: ${type}]`;
  const text = redact(body.toString('utf8'), secrets);
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
