import { isIP } from 'node:net';

/**
 * Whom guesses are counted for. An IPv6 client has a whole /64 to send from, so its network counts; a port behind an
 * address, as some proxies write into X-Forwarded-For, does not. What is no address at all is one client: a text that
 * somebody chose must not make a counter of its own.
 */
export function clientAddress(ip: string): string {
  const address = ip
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%.*$/, '');
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return networkOf(address);
    default:
      return 'unknown';
  }
}

/** The IPv4 address that an IPv6 socket shows as ::ffff:…, else the first 64 bits. */
function networkOf(address: string): string {
  // As the URL standard writes it: the same address always the same, an IPv4 tail as two groups.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
}
