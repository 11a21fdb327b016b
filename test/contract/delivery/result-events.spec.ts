import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { connect } from 'amqplib';
import { type ResultEvent, ResultEventPublisher, type ResultEventsOptions } from '@longhaul/delivery';
import { newId } from '@longhaul/kernel';
import { eventually } from '../../support/eventually';
import {
  describeWithOwnRabbitMq,
  describeWithOwnRedis,
  describeWithRabbitMq,
  describeWithRedis,
  uniqueName,
} from '../../support/servers';
import { Subscriber } from '../../support/subscriber';
import { TcpProxy } from '../../support/tcp-proxy';

const BACK_WITHIN_MS = 30_000;
const event = (): ResultEvent => ({
  id: newId('dlv'),
  execution_id: newId('exec'),
  agent: 'triage',
  status: 'completed',
  conversation_id: newId('conv'),
  correlation_id: 'order-17',
  output: { text: 'done' },
  metadata: { tenant: 'blue' },
  completed_at: '2026-11-26T12:00:00.000Z',
});

/** What a test opened, closed in turn. */
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.stop();
});

function publisherOf(options: ResultEventsOptions): ResultEventPublisher {
  const publisher = new ResultEventPublisher(options);
  open.push({ stop: () => publisher.onApplicationShutdown() });
  return publisher;
}

async function subscriberOf(options: MicroserviceOptions, ...patterns: string[]): Promise<Subscriber> {
  const subscriber = await Subscriber.start(options, ...patterns);
  open.push(subscriber);
  return subscriber;
}

function redisSubscriber(url: string, ...patterns: string[]): Promise<Subscriber> {
  const { hostname: host, port } = new URL(url);
  return subscriberOf({ transport: Transport.REDIS, options: { host, port: Number(port) } }, ...patterns);
}

function rabbitSubscriber(url: string, exchange: string, queue: string, pattern: string): Promise<Subscriber> {
  const options = { urls: [url], queue, exchange, wildcards: true, noAck: false, queueOptions: { durable: true } };
  return subscriberOf({ transport: Transport.RMQ, options }, pattern);
}

describeWithRedis('result events over Redis', (url) => {
  it('reach every service that names the event, and no other', async () => {
    const [name, other] = [uniqueName('support.done'), uniqueName('support.other')];
    const publisher = publisherOf({ transport: 'redis', url: url() });
    const first = await redisSubscriber(url(), name);
    const second = await redisSubscriber(url(), name);
    const stranger = await redisSubscriber(url(), other);
    const [sent, foreign] = [event(), event()];
    await eventually(() => publisher.publish(name, sent));
    await eventually(() => publisher.publish(other, foreign));
    await eventually(() => [first, second].every(({ events }) => events.length === 1) && stranger.events.length === 1);
    expect(first.events).toEqual([sent]);
    expect(stranger.events).toEqual([foreign]);
  });

  it('are not delivered where nobody listens', async () => {
    const publisher = publisherOf({ transport: 'redis', url: url() });
    await expect(publisher.publish(uniqueName('nobody'), event())).resolves.toBe(false);
  });
});

describeWithOwnRedis('result events over a Redis that goes away', (server) => {
  it('are refused while it is away and while it is silent, and arrive when it is back', async () => {
    const proxy = await TcpProxy.before(server().url);
    open.push({ stop: () => proxy.close() });
    const name = uniqueName('support.done');
    const publisher = publisherOf({ transport: 'redis', url: proxy.url(server().url) });
    const before = await redisSubscriber(server().url, name);
    await eventually(() => publisher.publish(name, event()));
    await before.stop();

    proxy.set({ kind: 'blackhole' });
    await expect(publisher.publish(name, event())).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    proxy.set({ kind: 'pass' });
    await server().kill();
    await expect(publisher.publish(name, event())).rejects.toThrow(/redis at 127.0.0.1:\d+ did not take the event/);
    await server().restart();
    const after = await redisSubscriber(server().url, name);
    const sent = event();
    await eventually(() => publisher.publish(name, sent), { timeoutMs: BACK_WITHIN_MS });
    await eventually(() => after.of(sent.execution_id) !== undefined);
  });
});

describeWithRabbitMq('result events over RabbitMQ', (url) => {
  it('reach the queue of each service that names the event, through the exchange', async () => {
    const [exchange, name] = [uniqueName('events'), uniqueName('support.done')];
    const publisher = publisherOf({ transport: 'rabbitmq', url: url(), exchange });
    const first = await rabbitSubscriber(url(), exchange, uniqueName('first'), name);
    const second = await rabbitSubscriber(url(), exchange, uniqueName('second'), `${name.split('.')[0]}.*`);
    const sent = event();
    await eventually(() => publisher.publish(name, sent));
    await eventually(() => [first, second].every(({ events }) => events.length === 1));
    expect(first.events).toEqual([sent]);
  });

  it('are not delivered while no queue is bound, although the broker confirms them', async () => {
    const publisher = publisherOf({ transport: 'rabbitmq', url: url(), exchange: uniqueName('events') });
    await expect(publisher.publish('support.done', event())).resolves.toBe(false);
  });

  it('all go to one durable queue where one is named', async () => {
    const queue = uniqueName('inbox');
    const publisher = publisherOf({ transport: 'rabbitmq', url: url(), exchange: 'unused', queue });
    const sent = event();
    await expect(publisher.publish('support.done', sent)).resolves.toBe(true);
    const options = { urls: [url()], queue, noAck: false, queueOptions: { durable: true } };
    const subscriber = await subscriberOf({ transport: Transport.RMQ, options }, 'support.done');
    await eventually(() => expect(subscriber.events).toEqual([sent]) === undefined);
  });

  it('are refused, and end no process, while the queue exists in another form; they arrive once it does not', async () => {
    const queue = uniqueName('inbox');
    const connection = await connect(url());
    open.push({ stop: () => connection.close() });
    const channel = await connection.createChannel();
    await channel.assertQueue(queue, { durable: false });
    const publisher = publisherOf({ transport: 'rabbitmq', url: url(), exchange: 'unused', queue });
    await expect(publisher.publish('support.done', event())).rejects.toThrow(/PRECONDITION_FAILED/i);
    await channel.deleteQueue(queue);
    await expect(publisher.publish('support.done', event())).resolves.toBe(true);
  });

  it('are refused by an exchange that is gone, and arrive with the next try, which makes it anew', async () => {
    const [exchange, name] = [uniqueName('events'), uniqueName('support.done')];
    const publisher = publisherOf({ transport: 'rabbitmq', url: url(), exchange });
    await publisher.publish(name, event());
    const connection = await connect(url());
    open.push({ stop: () => connection.close() });
    await (await connection.createChannel()).deleteExchange(exchange);
    await expect(publisher.publish(name, event())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(publisher.publish(name, event())).resolves.toBe(false);
  });
});

describeWithOwnRabbitMq('result events over a RabbitMQ that goes away', (server) => {
  it('are refused when the confirm is lost and while it is away, and outlive a broker that is killed', async () => {
    const proxy = await TcpProxy.before(server().url);
    open.push({ stop: () => proxy.close() });
    const queue = uniqueName('inbox');
    const publisher = publisherOf({ transport: 'rabbitmq', url: proxy.url(server().url), exchange: 'unused', queue });
    const stored = event();
    await expect(publisher.publish('support.done', stored)).resolves.toBe(true);

    proxy.set({ kind: 'blackhole' });
    await expect(publisher.publish('support.done', event())).rejects.toMatchObject({ code: 'unavailable' });
    proxy.set({ kind: 'pass' });
    await server().kill();
    await expect(publisher.publish('support.done', event())).rejects.toThrow(/rabbitmq at 127.0.0.1:\d+ did not take/);
    await server().restart();
    const later = event();
    await eventually(() => publisher.publish('support.done', later), { timeoutMs: BACK_WITHIN_MS });
    const options = { urls: [server().url], queue, noAck: false, queueOptions: { durable: true } };
    const subscriber = await subscriberOf({ transport: Transport.RMQ, options }, 'support.done');
    await eventually(() => [stored, later].every(({ execution_id }) => subscriber.of(execution_id) !== undefined));
  });
});
