import { timingSafeEqual } from 'node:crypto';
import { type GatewayConfig, hashApiKey } from '@longhaul/config';

/**
 * Who may scrape where there is no API: with API keys, whoever brings one of scope admin as a bearer token; without,
 * this machine; everybody where `server.metrics.public` says so.
 */
export function mayReadMetrics(
  { server, auth }: GatewayConfig,
  request: { authorization: string | undefined; isLoopback: boolean },
): boolean {
  if (server.metrics.public) return true;
  if (auth.mode === 'none') return request.isLoopback;
  const key = /^Bearer +(\S+)$/i.exec(request.authorization ?? '')?.[1];
  if (key === undefined) return false;
  const hash = Buffer.from(hashApiKey(key), 'hex');
  return auth.apiKeys.some(
    ({ keyHash, scopes }) => timingSafeEqual(Buffer.from(keyHash, 'hex'), hash) && scopes.includes('admin'),
  );
}
