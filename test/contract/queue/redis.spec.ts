import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { describeHintBusContract, describeQueueContract } from '@longhaul/queue/testing';
import { RedisHintBus } from '../../../libs/queue/src/providers/redis';
import { createRedisClient } from '../../../libs/queue/src/providers/redis/redis-client';
import { describeWithOwnRedis, startRedis, type TestServer, uniqueName } from '../../support/servers';
import { TcpProxy } from '../../support/tcp-proxy';
import { redisOptions, redisQueue } from './redis-clients';

const keyPrefix = uniqueName('longhaul:contract');

describeWithOwnRedis('Redis', (server) => {
  let evicting: TestServer;
  beforeAll(async () => {
    evicting = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
  });
  afterAll(() => evicting.stop());

  const broker = { down: () => server().kill(), up: () => server().restart(), durable: false };

  describeQueueContract('RedisQueue', {
    client: () => redisQueue(server().url, keyPrefix),
    mortalClient: async () => {
      const proxy = await TcpProxy.before(server().url);
      return { client: redisQueue(proxy.url(server().url), keyPrefix), kill: () => proxy.close() };
    },
    inject: async (lane, payload) => {
      // As BullMQ lays a job out, but for the data, which it would have made JSON.
      const redis = new Redis(server().url);
      const queue = new Queue(lane, { connection: redis, prefix: keyPrefix });
      const job = await queue.add('ring', null, { delay: 3_600_000 });
      await redis.hset(`${keyPrefix}:${lane}:${job.id}`, 'data', payload);
      await job.promote();
      await queue.close();
      redis.disconnect();
    },
    misconfigured: () => [
      {
        client: redisQueue(server().url.replace('127.0.0.1', 'nobody:wrong@127.0.0.1'), keyPrefix),
        names: /queue\.redis_url/,
      },
      { client: redisQueue(server().url.replace(/\/0$/, '/9999'), keyPrefix), names: /queue\.redis_url/ },
      { client: redisQueue(evicting.url, keyPrefix), names: /noeviction.*queue\.allow_evicting_redis/s },
    ],
    broker,
  });

  const connections: Redis[] = [];
  afterAll(() => connections.forEach((connection) => connection.disconnect()));

  describeHintBusContract('RedisHintBus', {
    bus: () => {
      const connection = createRedisClient(server().url, 'hints');
      connection.connect().catch(() => undefined);
      connections.push(connection);
      return new RedisHintBus({ connection }, redisOptions(server().url, keyPrefix));
    },
    inject: async (payload) => {
      const redis = new Redis(server().url);
      await redis.publish(`${keyPrefix}:hints:0`, payload);
      redis.disconnect();
    },
    broker,
  });
});
