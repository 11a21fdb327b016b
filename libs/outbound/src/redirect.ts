import { LonghaulError } from '@longhaul/kernel';
import type { OutboundRequest } from './outbound-request';

const KEEPING_METHOD = [307, 308];
const REDIRECTS = [301, 302, 303, ...KEEPING_METHOD];

/** What may be sent to another origin than the one that it was meant for: nothing that might be a credential. */
const HARMLESS = ['accept', 'content-type', 'idempotency-key', 'traceparent', 'user-agent', 'x-correlation-id'];

/**
 * The request that a redirect asks for, or null when the answer is to be taken as it is: also where the method would
 * have to change, since a POST that became a GET would lose what it was for. Throws `outbound_refused` for a redirect
 * from https to http, which would send in clear what was given to an encrypted connection.
 */
export function redirected(
  request: OutboundRequest,
  status: number,
  location: string | undefined,
): OutboundRequest | null {
  if (location === undefined || !REDIRECTS.includes(status)) return null;
  if (request.method !== 'GET' && !KEEPING_METHOD.includes(status)) return null;
  const url = URL.parse(location, request.url);
  if (!url) return null;
  const from = new URL(request.url);
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw new LonghaulError(
      'outbound_refused',
      `was redirected from https to http (${url.host}), without encryption: let it redirect to https`,
    );
  }
  const same = url.origin === from.origin;
  const entries = Object.entries(request.headers ?? {});
  const headers = same ? entries : entries.filter(([name]) => HARMLESS.includes(name.toLowerCase()));
  return { ...request, url: url.href, headers: Object.fromEntries(headers) };
}
