import { isUtf8 } from 'node:buffer';
import { type JsonValue, PermanentError, redact, RetryableError } from '@longhaul/kernel';
import { type OutboundResponse, retryAfterMs } from '@longhaul/outbound';
import type { HttpAgent } from './http-agent';
import { parseImmediateAnswer, type RemoteAnswer } from './remote-answer';

const RETRYABLE = [408, 409, 425, 429];
const EXCERPT_LENGTH = 300;
const FORM = 'answer 200 with {"output": …} as application/json, or 202 and call back';

/** What the POST was answered; null: it will be answered later, by callback. Throws `remote_error`. */
export function readResponse(response: OutboundResponse, agent: HttpAgent): RemoteAnswer | null {
  const { status, headers } = response;
  if (status === 202) return null;
  const excerpt = excerptOf(response.body, agent.secrets);
  const details = { status, ...(excerpt === '' ? {} : { body: excerpt }) };
  const said = excerpt === '' ? '' : `: ${excerpt}`;
  if (RETRYABLE.includes(status) || status >= 500) {
    const waitMs = retryAfterMs(headers['retry-after']);
    throw new RetryableError(`the remote agent answered ${status}${said}`, {
      code: 'remote_error',
      details,
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    });
  }
  const fail = (message: string) =>
    new PermanentError(`the remote agent ${redact(message, agent.secrets)}`, { code: 'remote_error', details });
  if (status >= 300 && status < 400) {
    throw fail(
      `answered ${status}, which would lose the POST: set http.url to ${headers['location'] ?? 'where it leads'}`,
    );
  }
  if (status >= 400) throw fail(`answered ${status}${said}`);
  return readAnswer(response, agent.secrets, fail);
}

function readAnswer(
  { status, headers, body }: OutboundResponse,
  secrets: readonly string[],
  fail: (message: string) => PermanentError,
): RemoteAnswer {
  const type = headers['content-type'];
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type ?? '')) {
    throw fail(`answered ${status} with ${type === undefined ? 'no Content-Type' : `Content-Type "${type}"`}: ${FORM}`);
  }
  let value: JsonValue;
  try {
    if (!isUtf8(body)) throw new Error('not UTF-8');
    // An agent that echoes what it was sent must not publish it.
    value = JSON.parse(redact(body.toString('utf8'), secrets)) as JsonValue;
  } catch (error) {
    throw fail(`answered ${status} with what is not JSON (${(error as Error).message}): ${FORM}`);
  }
  const parsed = parseImmediateAnswer(value);
  if ('issues' in parsed) {
    const wrong = parsed.issues.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ');
    throw fail(`answered ${status}, but ${wrong}: ${FORM}`);
  }
  return parsed.answer;
}

/** The beginning of a body, for people: one line, without control characters and secrets. */
function excerptOf(body: Buffer, secrets: readonly string[]): string {
  const line = redact(body.toString('utf8'), secrets)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length > EXCERPT_LENGTH ? `${line.slice(0, EXCERPT_LENGTH)}…` : line;
}
