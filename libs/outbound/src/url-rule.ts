import { isIP } from 'node:net';
import type { Issue } from '@longhaul/kernel';
import { allowHint, type ForbiddenAddress, forbiddenAddress } from './address-rule';

interface UrlRuleOptions {
  /** Where the URL stands in the request, for the issue: `callback_url`. */
  path: string;
  /** `http.allow_private_cidrs`: networks that may be called although they are not public. */
  allowPrivateCidrs: readonly string[];
}

const SCHEMES = ['http:', 'https:'];
const MAX_LENGTH = 2_048;
const FIRST_UNPRIVILEGED_PORT = 1_024;

/**
 * What forbids calling this URL on somebody's behalf, or null. Looks only at the text: a name that resolves into a
 * private network is caught when the connection is made, not here. The host is judged as the WHATWG parser reads it,
 * and therefore as `fetch` would: `2130706433`, `0x7f.1` and `①②⑦.1` are all 127.0.0.1.
 */
export function checkUrl(text: string, { path, allowPrivateCidrs }: UrlRuleOptions): Issue | null {
  const refuse = (message: string, hint?: string): Issue => ({
    path,
    message,
    ...(hint === undefined ? {} : { hint }),
  });
  if (text.length > MAX_LENGTH) return refuse(`expected a URL of at most ${MAX_LENGTH} characters`);
  if (!URL.canParse(text)) return refuse('expected an absolute URL such as https://example.com/hook');
  const url = new URL(text);
  if (!SCHEMES.includes(url.protocol)) return refuse(`scheme "${url.protocol}" is not allowed, only http and https`);
  if (url.username !== '' || url.password !== '') {
    return refuse('a user or password in the URL is not allowed', 'leave out what stands before the @');
  }
  if (!isAllowedPort(url.port)) {
    return refuse(`port ${url.port} is not allowed, only 80, 443 and those from ${FIRST_UNPRIVILEGED_PORT} on`);
  }
  const forbidden = forbiddenHost(url.hostname, allowPrivateCidrs);
  if (forbidden === null) return null;
  return refuse(`host ${url.hostname} is not a public address (${forbidden.kind})`, allowHint(forbidden));
}

/** The WHATWG parser leaves out the scheme's default port. */
function isAllowedPort(port: string): boolean {
  return port === '' || port === '80' || port === '443' || Number(port) >= FIRST_UNPRIVILEGED_PORT;
}

/** What keeps the host, as it is written, from being called; null for a name that has yet to be looked up. */
function forbiddenHost(hostname: string, allowPrivateCidrs: readonly string[]): ForbiddenAddress | null {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const name = isIP(host) === 0;
  if (name && host !== 'localhost' && !host.endsWith('.localhost')) return null;
  return forbiddenAddress(name ? '127.0.0.1' : host, allowPrivateCidrs);
}
