import { ConfigurationError } from '@longhaul/kernel';
import type { Redis } from 'ioredis';
import { redisName } from './redis-client';

const MINIMUM_VERSION = [6, 2] as const;

/** Refuses a Redis that would lose jobs or that BullMQ cannot use, naming the mend. */
export async function checkRedisRequirements(client: Redis, allowEvicting: boolean): Promise<void> {
  const info = parseInfo(await client.info());
  const version = info.get('redis_version');
  if (version !== undefined && isOlder(version)) {
    throw new ConfigurationError(`${redisName(client)} is version ${version}; Longhaul needs 6.2 or newer`, [
      { path: 'queue.redis_url', message: `Redis ${version} is too old`, hint: 'use Redis 6.2 or newer' },
    ]);
  }
  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction' && !allowEvicting) {
    throw new ConfigurationError(
      `${redisName(client)} may throw jobs away: its maxmemory-policy is ${policy}. ` +
        'Set it to noeviction, or accept that with queue.allow_evicting_redis: true',
      [
        {
          path: 'queue.redis_url',
          message: `maxmemory-policy is ${policy}`,
          hint: 'run CONFIG SET maxmemory-policy noeviction, or set queue.allow_evicting_redis: true',
        },
      ],
    );
  }
}

function parseInfo(info: string): Map<string, string> {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < MINIMUM_VERSION[0] || (major === MINIMUM_VERSION[0] && minor < MINIMUM_VERSION[1]);
}
