import { ConfigurationError, type Finding } from '@longhaul/kernel';
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

/** What a Redis that passed the check above would lose, and when. */
export async function examineRedis(client: Redis): Promise<Finding[]> {
  const info = parseInfo(await client.info());
  const policy = info.get('maxmemory_policy') ?? 'unknown';
  const isKept = info.get('aof_enabled') === '1';
  return [
    {
      subject: 'redis',
      level: 'ok',
      message: `${redisName(client)}, version ${info.get('redis_version') ?? 'unknown'}`,
    },
    policy === 'noeviction'
      ? { subject: 'redis.eviction', level: 'ok', message: 'noeviction' }
      : {
          subject: 'redis.eviction',
          level: 'warning',
          message: `maxmemory-policy is ${policy}: rings may be thrown away, and are found again by idle workers`,
          mend: 'CONFIG SET maxmemory-policy noeviction',
        },
    isKept
      ? { subject: 'redis.persistence', level: 'ok', message: 'append-only file is on' }
      : {
          subject: 'redis.persistence',
          level: 'warning',
          message: 'append-only file is off: a restart of Redis loses rings (no execution: idle workers find those)',
          mend: 'start Redis with appendonly yes',
        },
  ];
}

function parseInfo(info: string): Map<string, string> {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < MINIMUM_VERSION[0] || (major === MINIMUM_VERSION[0] && minor < MINIMUM_VERSION[1]);
}
