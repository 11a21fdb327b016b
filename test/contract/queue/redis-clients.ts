import { RedisQueue } from '../../../libs/queue/src/providers/redis';
import { createRedisClient } from '../../../libs/queue/src/providers/redis/redis-client';

export function redisOptions(url: string, keyPrefix: string, allowEvicting = false) {
  return { url, keyPrefix, workerPool: 'workers', allowEvicting };
}

/** The provider as its module makes it, without Nest. */
export function redisQueue(url: string, keyPrefix: string, allowEvicting = false): RedisQueue {
  return new RedisQueue({ connection: createRedisClient(url, 'queue') }, redisOptions(url, keyPrefix, allowEvicting));
}
