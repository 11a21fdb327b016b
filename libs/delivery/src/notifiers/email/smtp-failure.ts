import type { TryOutcome } from '../../delivery';
import { failed } from '../failed';

interface SmtpError extends Error {
  code?: string;
  /** The server's code: 4xx passes, 5xx stays (RFC 5321, 4.2.1). */
  responseCode?: number;
  response?: string;
}

/** Nothing that waiting mends, although no server said so. */
const FINAL = ['EENVELOPE', 'EMESSAGE', 'ENOAUTH'];

const MENDS: Readonly<Record<string, string>> = {
  EAUTH: ': correct user and password in notifications.email',
  ETLS: ': the server offers no TLS; see notifications.email.require_tls',
  EDNS: ': see notifications.email for the name of the server',
};

export function smtpFailure(error: unknown): TryOutcome {
  const { message, code = '', responseCode, response } = error as SmtpError;
  const retryable = responseCode === undefined ? !FINAL.includes(code) : responseCode < 500;
  return failed(`the mail server did not take it: ${response ?? message}${MENDS[code] ?? ''}`, retryable, {
    status: responseCode,
    excerpt: response,
  });
}
