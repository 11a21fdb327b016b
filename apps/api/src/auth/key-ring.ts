import { timingSafeEqual } from 'node:crypto';
import { type ApiKeyConfig, hashApiKey } from '@longhaul/config';

/** The keys that open the gateway. How long a look takes says nothing about how near a guess came. */
export class KeyRing {
  private readonly keys: { hash: Buffer; config: ApiKeyConfig }[];

  constructor(keys: readonly ApiKeyConfig[]) {
    this.keys = keys.map((config) => ({ hash: Buffer.from(config.keyHash, 'hex'), config }));
  }

  find(key: string): ApiKeyConfig | undefined {
    const hash = Buffer.from(hashApiKey(key), 'hex');
    let found: ApiKeyConfig | undefined;
    for (const entry of this.keys) if (timingSafeEqual(entry.hash, hash)) found = entry.config;
    return found;
  }
}
