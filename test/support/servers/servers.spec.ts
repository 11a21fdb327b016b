import { Redis } from 'ioredis';
import { Client } from 'pg';
import { eventually } from '../eventually';
import { TcpProxy } from '../tcp-proxy';
import { describeWithPostgres, describeWithRabbitMq, describeWithOwnRedis, describeWithRedis, freshDatabase } from '.';
import { firstAnswer } from './server-folder';

describeWithRedis('the shared Redis', (url) => {
  it('answers', async () => {
    const redis = new Redis(url());
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });
});

describeWithRabbitMq('the shared RabbitMQ', (url) => {
  it('answers', async () => {
    const answer = await firstAnswer(Number(new URL(url()).port), 'AMQP\x00\x00\x09\x01');
    expect(answer[0]).toBe(1);
  });
});

describeWithPostgres('the shared PostgreSQL', (url) => {
  it('gives out databases of one’s own', async () => {
    const database = await freshDatabase(url());
    const client = new Client({ connectionString: database.url });
    await client.connect();
    expect((await client.query<{ n: number }>('SELECT 1 AS n')).rows[0]?.n).toBe(1);
    await client.end();
    await database.drop();
  });
});

describeWithOwnRedis('a private server', (server) => {
  it('comes back at the same address after a kill', async () => {
    await server().kill();
    await server().restart();
    const redis = new Redis(server().url);
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });
});

describeWithRedis('the TCP proxy', (url) => {
  it('passes, swallows and cuts', async () => {
    const proxy = await TcpProxy.before(url());
    const redis = new Redis(proxy.url(url()), { commandTimeout: 200, retryStrategy: () => 20 });
    redis.on('error', () => undefined);
    expect(await redis.ping()).toBe('PONG');
    proxy.set({ kind: 'blackhole' });
    await expect(redis.ping()).rejects.toThrow('timed out');
    proxy.set({ kind: 'reset' });
    await eventually(() => proxy.connections === 0);
    proxy.set({ kind: 'pass' });
    await eventually(() => redis.ping());
    redis.disconnect();
    await proxy.close();
  });
});
