import ipaddr from 'ipaddr.js';

/** All that IANA has given out as global unicast; `::7f00:1` and its like lie outside. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Networks that people run services of their own in: what one would add to `http.allow_private_cidrs`. */
const HOME_NETWORKS = [
  '127.0.0.0/8',
  '::1/128',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
];

/** Why an address is not called. */
export interface ForbiddenAddress {
  /** `loopback`, `private`, `linkLocal`…: the range it lies in. */
  kind: string;
  /** The network that would have to be allowed; undefined where nobody has services of his own. */
  cidr?: string;
}

/** What keeps this IPv4 or IPv6 address from being called on somebody's behalf, or null. */
export function forbiddenAddress(text: string, allowPrivateCidrs: readonly string[]): ForbiddenAddress | null {
  // `process` reads ::ffff:a.b.c.d as a.b.c.d; every other way to wrap an IPv4 address is a range of its own.
  const address = ipaddr.process(text);
  if (allowPrivateCidrs.some((cidr) => isWithin(address, cidr)) || isPublic(address)) return null;
  const range = address.range();
  const cidr = HOME_NETWORKS.find((network) => isWithin(address, network));
  return { kind: range === 'unicast' ? 'reserved' : range, ...(cidr === undefined ? {} : { cidr }) };
}

/** The mend, for messages about a forbidden address. */
export function allowHint({ cidr }: ForbiddenAddress): string {
  const rule = 'only public addresses are called, and the networks that http.allow_private_cidrs in gateway.yaml names';
  return cidr === undefined ? rule : `${rule}: add ${cidr} to it if this one is yours`;
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6);
}

function isWithin(address: Address, cidr: string): boolean {
  const network = ipaddr.parseCIDR(cidr);
  return address.kind() === network[0].kind() && address.match(network);
}
