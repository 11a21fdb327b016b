import { Redis } from 'ioredis';
import { newJob, newLane, next } from '@longhaul/queue/testing';
import { startRedis } from '../../support/servers';
import { redisQueue } from './redis-clients';
it('cost', async () => {
  const server = await startRedis();
  const queue = redisQueue(server.url, 'a:b'); await queue.open();
  const redis = new Redis(server.url); const lane = newLane();
  await queue.enqueue(lane, newJob()); await queue.ack(await next(queue, lane));
  for (const [name, verb] of [['enqueue', (): Promise<unknown> => queue.enqueue(lane, newJob())], ['take+ack', async () => queue.ack(await next(queue, lane))], ['empty', () => queue.dequeue(lane)]] as const) {
    await redis.config('RESETSTAT');
    const t = performance.now(); const cpu = process.cpuUsage();
    for (let i = 0; i < 1000; i++) await verb();
    const used = process.cpuUsage(cpu);
    const info = await redis.info('commandstats');
    process.stderr.write(`${name} ${(performance.now() - t).toFixed(0)} us/each, cpu ${((used.user + used.system) / 1000).toFixed(0)} us: ` + [...info.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)].map((m) => `${m[1]}=${Number(m[2]) / 1000}`).filter((x) => !/=0.00/.test(x)).join(' ') + '\n');
  }
  redis.disconnect(); await queue.close(); await server.stop();
}, 60000);
