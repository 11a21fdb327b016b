import { hashApiKey, looksLikeApiKey } from './api-key';
import type { AuthConfig } from './gateway-config';
import type { PlacedIssue } from './config-path';
import type { GatewayDocument } from './schema/gateway-schema';

type Auth = GatewayDocument['auth'];
type ApiKey = Auth['api_keys'][number];

/** What runs: keys as hashes, and a mode. Keys without a word about the mode mean that they are asked for. */
export function toAuthConfig({ mode, api_keys: keys }: Auth): AuthConfig {
  const apiKeys = keys.map((key) =>
    Object.freeze({
      name: key.name,
      keyHash: hashOf(key),
      owner: key.owner ?? key.name,
      scopes: Object.freeze([...key.scopes]),
      ...(key.rate_limit && {
        rateLimit: Object.freeze({ requests: key.rate_limit.requests, perS: key.rate_limit.per_s }),
      }),
      ...(key.max_concurrent === undefined ? {} : { maxConcurrent: key.max_concurrent }),
    }),
  );
  return Object.freeze({ mode: mode ?? (keys.length > 0 ? 'api_key' : 'none'), apiKeys: Object.freeze(apiKeys) });
}

export function checkApiKeys({ api_keys: keys }: Auth): PlacedIssue[] {
  return keys.flatMap((key, index) => {
    const at = ['auth', 'api_keys', index];
    const issues: PlacedIssue[] = [];
    if ((key.key === undefined) === (key.key_hash === undefined)) {
      const message = key.key === undefined ? 'has neither key nor key_hash' : 'has both key and key_hash';
      issues.push({ at, message, hint: 'give exactly one of key and key_hash' });
    }
    if (key.key?.startsWith('lh_') && !looksLikeApiKey(key.key)) {
      issues.push({ at: [...at, 'key'], message: 'its checksum does not fit', hint: 'copy the whole key again' });
    }
    const before = keys.slice(0, index);
    if (before.some((other) => other.name === key.name)) {
      issues.push({ at: [...at, 'name'], message: `"${key.name}" is there twice`, hint: 'give each key its own name' });
    }
    const twin = before.find((other) => hashOf(other) !== '' && hashOf(other) === hashOf(key));
    if (twin) issues.push({ at, message: `is the same key as "${twin.name}"`, hint: 'remove one of the two' });
    return issues;
  });
}

/** Settings of auth that work, but hardly as meant. */
export function warnAuth(auth: Auth): PlacedIssue[] {
  const { mode, apiKeys } = toAuthConfig(auth);
  if (mode === 'api_key' && apiKeys.length === 0) {
    return [{ at: ['auth', 'api_keys'], message: 'is empty: every request will be refused', hint: 'add a key' }];
  }
  if (mode === 'none' && apiKeys.length > 0) {
    return [{ at: ['auth', 'mode'], message: 'is none: the keys are not asked for', hint: 'set auth.mode: api_key' }];
  }
  return [];
}

function hashOf({ key, key_hash: hash }: ApiKey): string {
  return key === undefined ? (hash ?? '').replace(/^sha256:/i, '').toLowerCase() : hashApiKey(key);
}
