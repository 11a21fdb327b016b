import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRedis } from '../support/servers';
import { Backlog, STEADY } from './support/backlog';
import { RedisBroker } from './support/brokers';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

/** What each call of the Redis client waits at most. */
const CALL_LIMIT_MS = 2_000;

describeFault({
  id: 'F12',
  title: 'Redis is killed and comes back empty; what waited runs, what came meanwhile was accepted',
  on: ['redis/sqlite'],
  alsoOn: ['redis/postgres'],
  own: ['redis'],
  env: STEADY,
  async run(world, { redis }) {
    const backlog = await Backlog.of(world, RedisBroker.of(world));
    await redis.kill();
    await backlog.accepts(5);
    await redis.restart();
    expect(await RedisBroker.of(world).waiting()).toBe(0);
    await backlog.endsOnce();
    await backlog.isRungFor();
  },
});

describeFault({
  id: 'F13',
  title: 'FLUSHALL under a backlog loses every ring and no execution',
  on: ['redis/postgres'],
  alsoOn: ['redis/sqlite'],
  own: ['redis'],
  env: STEADY,
  async run(world) {
    const broker = RedisBroker.of(world);
    const backlog = await Backlog.of(world, broker);
    await broker.within((redis) => redis.flushall());
    await backlog.endsOnce();
    await backlog.isRungFor();
  },
});

describeFault({
  id: 'F14',
  title: 'a Redis that evicts is refused',
  on: ['redis/sqlite'],
  own: { redis: () => startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] }) },
  async run(world) {
    await expect(world.startApi()).rejects.toThrow(/it ended with 2.*maxmemory-policy is allkeys-lru/s);
    await expect(world.startWorker()).rejects.toThrow(/it ended with 2.*maxmemory-policy is allkeys-lru/s);
  },
});

describeFault({
  id: 'F14',
  title: 'a Redis that evicts, as the configuration allows, throws rings out; what they were for runs',
  on: ['redis/sqlite'],
  alsoOn: ['redis/postgres'],
  own: { redis: () => startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] }) },
  env: { ...STEADY, LONGHAUL_QUEUE__ALLOW_EVICTING_REDIS: 'true' },
  async run(world) {
    const broker = RedisBroker.of(world);
    const backlog = await Backlog.of(world, broker);
    await evictAll(world, broker);
    await backlog.accepts(5);
    await backlog.endsOnce();
    await backlog.isRungFor();
  },
});

describeFault({
  id: 'F15',
  title: 'Redis swallows everything, for longer than any limit; executions are accepted, and run in the only slot',
  on: ['redis/postgres'],
  alsoOn: ['redis/sqlite'],
  env: { ...STEADY, LONGHAUL_QUEUE__WORKERS: '1' },
  async run(world) {
    const backlog = await Backlog.of(world, RedisBroker.of(world), 1);
    world.proxies.queue?.set({ kind: 'blackhole' });
    const startedAt = performance.now();
    await backlog.accepts(20);
    // Had each waited for Redis to fail, it would be four times as long.
    expect(performance.now() - startedAt).toBeLessThan((20 * CALL_LIMIT_MS) / 4);
    await backlog.endsOnce();
    // The clients have given their connections up, and get no others.
    await world.eventually(() => [backlog.api, backlog.worker].every(({ log }) => log.includes('is away')));
    world.proxies.queue?.set({ kind: 'pass' });
    await backlog.isRungFor();
  },
});

describeFault({
  id: 'F16',
  title: 'Redis comes back with an older dump: rings of what is over or runs find nothing to do, what has none runs',
  on: ['redis/sqlite'],
  alsoOn: ['redis/postgres'],
  own: ['redis'],
  env: STEADY,
  async run(world, { redis }) {
    const broker = RedisBroker.of(world);
    const dump = join(redis.directory, 'dump.rdb');
    const backlog = await Backlog.of(world, broker);
    world.ledger.hold('long');
    const before = await broker.waiting();
    await backlog.accepts(2, 'long');
    await world.eventually(async () => (await broker.waiting()) >= before + 2);
    const rings = await broker.within(async (client) => {
      await client.save();
      return broker.waiting();
    });
    await copyFile(dump, `${dump}.old`);
    world.ledger.release('busy');
    await world.ledger.happened('long', 2);
    await world.eventually(async () => (await broker.waiting()) === 0);
    await backlog.load({ slots: 2 });

    world.proxies.queue?.set({ kind: 'reset' });
    await redis.kill();
    await copyFile(`${dump}.old`, dump);
    await redis.restart();
    expect(await broker.waiting()).toBe(rings);
    world.proxies.queue?.set({ kind: 'pass' });
    world.ledger.release('busy');
    await world.eventually(async () => (await broker.waiting()) === 0);
    world.ledger.release('long');
    await backlog.endsOnce();
    await backlog.isRungFor();
  },
});

/** Fills Redis with what is of use to nobody until it has thrown out every ring, then gives it room again. */
async function evictAll(world: FaultWorld, broker: RedisBroker): Promise<void> {
  await broker.within(async (redis) => {
    const ours = () => redis.keys(`${world.fleet.queueName}:*:job_*`);
    expect(await ours()).not.toEqual([]);
    await redis.config('SET', 'maxmemory', '3mb');
    for (let n = 0; (await ours()).length > 0; n += 1) await redis.set(`filler-${n}`, 'x'.repeat(50_000));
    await redis.config('SET', 'maxmemory', '0');
  });
}
