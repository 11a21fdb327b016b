import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import { ExecutionQueue, HintBus } from '@longhaul/queue';
import { idsOf, inLane, newJob, newJobs, newLane, next, take } from '@longhaul/queue/testing';
import { RedisQueueModule } from '../../../libs/queue/src/providers/redis';
import {
  closeRedisClient,
  createRedisClient,
  openRedisClient,
} from '../../../libs/queue/src/providers/redis/redis-client';
import { eventually } from '../../support/eventually';
import { describeWithOwnRedis, startRedis, uniqueName } from '../../support/servers';
import { TcpProxy } from '../../support/tcp-proxy';
import { redisOptions, redisQueue } from './redis-clients';

const RESTORED_WITHIN_MS = 20_000;

describeWithOwnRedis('Redis and BullMQ, what is known to go wrong', (server) => {
  const keyPrefix = uniqueName('longhaul:traps');
  let queue: ExecutionQueue;
  let redis: Redis;
  let lane: string;

  beforeEach(async () => {
    lane = newLane();
    redis = new Redis(server().url);
    queue = redisQueue(server().url, keyPrefix);
    await queue.open();
  });

  afterEach(async () => {
    await queue.close();
    redis.disconnect();
  });

  it('answers within three seconds while Redis swallows everything, and goes on when it does not', async () => {
    const proxy = await TcpProxy.before(server().url);
    const far = redisQueue(proxy.url(server().url), keyPrefix);
    await far.open();
    await far.enqueue(lane, newJob());
    proxy.set({ kind: 'blackhole' });
    // A timer as theirs are: in a process that stood still, those that are due first still come first.
    const late = AbortSignal.timeout(3_000);
    const verbs = [
      far.enqueue(lane, newJob()),
      far.enqueueMany(inLane(lane, newJobs(3))),
      far.dequeue(lane),
      far.ping(),
    ];
    for (const outcome of await Promise.allSettled(verbs)) expect(outcome.status).toBe('rejected');
    expect(late.aborted).toBe(false);
    proxy.set({ kind: 'pass' });
    await eventually(() => far.enqueue(lane, newJob()), { timeoutMs: RESTORED_WITHIN_MS });
    await next(far, lane);
    await far.close();
    await proxy.close();
  });

  it('is not hung up on by the time limit of a command that went down with the connection before', async () => {
    const proxy = await TcpProxy.before(server().url);
    const client = createRedisClient(proxy.url(server().url), 'twice');
    await openRedisClient(client);
    proxy.set({ kind: 'blackhole' });
    const unanswered = client.ping();
    proxy.resetAll();
    await expect(unanswered).rejects.toThrow('max retries');
    proxy.set({ kind: 'pass' });
    const id = await eventually(() => client.client('ID'));
    // The limit is four seconds.
    const age = async () => Number(/ age=(\d+) /.exec(String(await redis.client('LIST', 'ID', id)))?.[1]);
    await eventually(async () => (await age()) >= 5);
    await closeRedisClient(client);
    await proxy.close();
  });

  it('lets the delivery go whose lock was lost (a blocked event loop), and its late ack takes nothing from the next', async () => {
    const job = newJob();
    await queue.enqueue(lane, job);
    const lost = await next(queue, lane);
    await redis.del(`${keyPrefix}:${lane}:${job.jobId}:lock`);
    const again = await next(queue, lane, RESTORED_WITHIN_MS);
    expect(again.job).toEqual(job);
    await queue.ack(lost);
    await queue.nack(lost);
    await queue.nack(again);
    expect((await next(queue, lane)).job).toEqual(job);
  });

  it('leaves nothing of an acked job behind, so that its id can never stand in the way of another ring', async () => {
    const jobs = newJobs(3);
    await queue.enqueueMany(inLane(lane, jobs));
    for (const delivery of await take(queue, lane, 3)) await queue.ack(delivery);
    const keys = await redis.keys(`${keyPrefix}:${lane}:*`);
    expect(keys.filter((key) => idsOf(jobs).some((id) => key.includes(id)))).toEqual([]);
  });

  it('never fails a job for having come back often', async () => {
    const job = newJob();
    await queue.enqueue(lane, job);
    await redis.hset(`${keyPrefix}:${lane}:${job.jobId}`, 'stc', 1_000);
    await next(queue, lane);
    await redis.del(`${keyPrefix}:${lane}:${job.jobId}:lock`);
    expect((await next(queue, lane, RESTORED_WITHIN_MS)).job).toEqual(job);
  });

  it('starts on a Redis that evicts only when the configuration says so', async () => {
    const evicting = await startRedis({ args: ['--maxmemory-policy', 'volatile-lru'] });
    const careful = redisQueue(evicting.url, keyPrefix);
    await expect(careful.open()).rejects.toThrow(/volatile-lru.*noeviction/s);
    await careful.close();
    const careless = redisQueue(evicting.url, keyPrefix, true);
    await careless.open();
    await careless.enqueue(lane, newJob());
    await careless.close();
    await evicting.stop();
  });

  it('goes on with the lane when a job was thrown out of Redis and only its id is left', async () => {
    const [evicted, job] = [newJob(), newJob()];
    await queue.enqueueMany(inLane(lane, [evicted, job]));
    await redis.del(`${keyPrefix}:${lane}:${evicted.jobId}`);
    expect((await next(queue, lane)).job).toEqual(job);
  });

  it('goes on after FLUSHALL', async () => {
    const job = newJob();
    await queue.enqueue(lane, newJob());
    const flushed = await next(queue, lane);
    await redis.flushall();
    await queue.ack(flushed);
    await queue.enqueue(lane, job);
    expect((await next(queue, lane)).job).toEqual(job);
  });

  it('has one connection for producing and consuming, whatever the number of lanes, and blocks none', async () => {
    const lanes = Array.from({ length: 10 }, newLane);
    for (const each of lanes) {
      await queue.enqueue(each, newJob());
      await next(queue, each);
    }
    const clients = String(await redis.client('LIST')).split('\n');
    expect(clients.filter((line) => line.includes('name=queue'))).toHaveLength(1);
    expect(clients.filter((line) => /cmd=(bzpopmin|brpoplpush|blmove)/.test(line))).toEqual([]);
  });

  it('costs at most 40 commands a job inside Redis, and three scripts over the wire', async () => {
    const commands = async (): Promise<[number, number]> => {
      const info = await redis.info('commandstats');
      const calls = [...info.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)].map(([, name, n]) => [name, Number(n)] as const);
      const sum = (names: (name?: string) => boolean) =>
        calls.reduce((total, [name, n]) => total + (names(name) ? n : 0), 0);
      return [sum(() => true), sum((name) => name === 'evalsha')];
    };
    await queue.enqueue(lane, newJob());
    await queue.ack(await next(queue, lane));
    const before = await commands();
    for (const job of newJobs(100)) {
      await queue.enqueue(lane, job);
      await queue.ack(await next(queue, lane));
    }
    const after = await commands();
    expect((after[1] - before[1]) / 100).toBeLessThan(3.1);
    expect((after[0] - before[0]) / 100).toBeLessThan(40);
  });

  it('keeps its connections through the hooks of Nest until they are closed on purpose', async () => {
    const module = await Test.createTestingModule({
      imports: [RedisQueueModule.register(redisOptions(server().url, keyPrefix))],
    }).compile();
    await module.init();
    const [held, hints] = [module.get(ExecutionQueue), module.get(HintBus)];
    await held.open();
    await hints.open();
    await held.enqueue(lane, newJob());
    const delivery = await next(held, lane);
    await module.close();
    await held.ping();
    await held.ack(delivery);
    await held.enqueue(lane, newJob());
    await next(held, lane);
    await hints.close();
    await held.close();
    await expect(held.ping()).rejects.toThrow('Redis at 127.0.0.1');
  });
});
