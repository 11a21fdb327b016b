import { LonghaulClient } from '@longhaul/client';
import { UsageError } from '../usage-error';
import { httpFetch } from './http-fetch';

export interface ClientFlags {
  url?: string;
  json?: boolean;
}

export const DEFAULT_URL = 'http://127.0.0.1:8000';
/** A person waits: a blip is bridged, a gateway that is not there is told of. */
const RETRY_S = 2;
const OUTAGE_S = 60;

/** `--url`, else LONGHAUL_URL, else the default; the key from LONGHAUL_API_KEY. Throws `UsageError`. */
export function connect({ url }: ClientFlags, env: NodeJS.ProcessEnv = process.env): LonghaulClient {
  const apiKey = env['LONGHAUL_API_KEY']?.trim() || undefined;
  // Else `fetch` would say so, and repeat it.
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey))
    throw new UsageError('LONGHAUL_API_KEY: holds a space, a line break or other characters that no key has');
  const chosen = url ?? (env['LONGHAUL_URL'] || DEFAULT_URL);
  try {
    return new LonghaulClient({
      url: chosen,
      fetch: httpFetch,
      retryS: RETRY_S,
      outageS: OUTAGE_S,
      ...(apiKey ? { apiKey } : {}),
    });
  } catch (error) {
    throw new UsageError(`${url === undefined ? 'LONGHAUL_URL' : '--url'}: ${(error as Error).message}`);
  }
}
