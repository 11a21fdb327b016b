import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { LonghaulError } from '@longhaul/kernel';
import { allowHint, forbiddenAddress } from './address-rule';

/** All addresses of a name; `dns.lookup` but for tests. */
export type ResolveAll = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

const resolveAll: ResolveAll = (hostname, callback) => dnsLookup(hostname, { all: true, order: 'verbatim' }, callback);

/**
 * A `lookup` for `net.connect`, asked at every connection: it hands out only addresses that may be called, so that a
 * name which resolves elsewhere the second time gains nothing. Fails with `outbound_refused` when none is left.
 */
export function safeLookup(allowPrivateCidrs: readonly string[], resolve: ResolveAll = resolveAll) {
  return (hostname: string, options: LookupOptions, callback: Callback): void => {
    resolve(hostname, (error, found) => {
      if (error) return callback(error, '');
      const allowed = found.filter(({ address }) => forbiddenAddress(address, allowPrivateCidrs) === null);
      const [first] = allowed;
      if (!first) return callback(refused(hostname, found, allowPrivateCidrs), '');
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function refused(hostname: string, found: LookupAddress[], allowPrivateCidrs: readonly string[]): LonghaulError {
  const [first] = found;
  const forbidden = first ? forbiddenAddress(first.address, allowPrivateCidrs) : null;
  const why = forbidden ? `${first?.address}, which is not a public address (${forbidden.kind})` : 'no address at all';
  const hint = forbidden ? `: ${allowHint(forbidden)}` : '';
  return new LonghaulError('outbound_refused', `${hostname} resolves to ${why}${hint}`);
}
