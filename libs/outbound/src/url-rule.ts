import { isIP } from 'node:net';
import type { Issue } from '@longhaul/kernel';
import ipaddr from 'ipaddr.js';

interface UrlRuleOptions {
  /** Where the URL stands in the request, for the issue: `callback_url`. */
  path: string;
  /** `http.allow_private_cidrs`: networks that may be called although they are not public. */
  allowPrivateCidrs: readonly string[];
}

const SCHEMES = ['http:', 'https:'];
const MAX_LENGTH = 2_048;
const FIRST_UNPRIVILEGED_PORT = 1_024;
/** All that IANA has given out as global unicast; `::7f00:1` and its like lie outside. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

type Address = ipaddr.IPv4 | ipaddr.IPv6;

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
  const kind = forbiddenHost(url.hostname, allowPrivateCidrs);
  if (kind === null) return null;
  return refuse(
    `host ${url.hostname} is not a public address (${kind})`,
    'only public addresses are called, and the networks that http.allow_private_cidrs in gateway.yaml names',
  );
}

/** The WHATWG parser leaves out the scheme's default port. */
function isAllowedPort(port: string): boolean {
  return port === '' || port === '80' || port === '443' || Number(port) >= FIRST_UNPRIVILEGED_PORT;
}

/** The kind of network that keeps the host from being called, or null. */
function forbiddenHost(hostname: string, allowPrivateCidrs: readonly string[]): string | null {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const name = isIP(host) === 0;
  if (name && host !== 'localhost' && !host.endsWith('.localhost')) return null;
  // `process` reads ::ffff:a.b.c.d as a.b.c.d; every other way to wrap an IPv4 address is a range of its own.
  const address = ipaddr.process(name ? '127.0.0.1' : host);
  if (allowPrivateCidrs.some((cidr) => isWithin(address, cidr)) || isPublic(address)) return null;
  return address.range() === 'unicast' ? 'reserved' : address.range();
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6);
}

function isWithin(address: Address, cidr: string): boolean {
  const network = ipaddr.parseCIDR(cidr);
  return address.kind() === network[0].kind() && address.match(network);
}
