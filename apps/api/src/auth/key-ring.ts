import { timingSafeEqual } from 'node:crypto';
import { type ApiKeyConfig, hashApiKey } from '@longhaul/config';
import type { Caller } from './caller';

/** The keys that open the gateway. How long a look takes says nothing about how near a guess came. */
export class KeyRing {
  private readonly keys: { hash: Buffer; caller: Caller }[];

  constructor(keys: readonly ApiKeyConfig[]) {
    this.keys = keys.map(({ keyHash, owner, scopes }) => ({
      hash: Buffer.from(keyHash, 'hex'),
      caller: { owner, scopes },
    }));
  }

  find(key: string): Caller | undefined {
    const hash = Buffer.from(hashApiKey(key), 'hex');
    let found: Caller | undefined;
    for (const entry of this.keys) if (timingSafeEqual(entry.hash, hash)) found = entry.caller;
    return found;
  }
}
