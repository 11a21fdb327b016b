import { type Channel, type ChannelModel, connect, type GetMessage } from 'amqplib';
import { Test } from '@nestjs/testing';
import { faults, newId } from '@longhaul/kernel';
import { ExecutionQueue, type Hint, type QueueDelivery, type QueueJob } from '@longhaul/queue';
import { idsOf, inLane, newJob, newJobs, newLane, next, take } from '@longhaul/queue/testing';
import { RabbitMqHintBus, RabbitMqQueue, RabbitMqQueueModule } from '../../../libs/queue/src/providers/rabbitmq';
import { eventually } from '../../support/eventually';
import { describeWithRabbitMq, isSkipped, SERVER_START_MS, startRabbitMq, uniqueName } from '../../support/servers';
import { TcpProxy } from '../../support/tcp-proxy';

describeWithRabbitMq('RabbitMQ and amqp-connection-manager, what is known to go wrong', (url) => {
  const queueName = uniqueName('traps');
  let queue: ExecutionQueue;
  let proxy: TcpProxy;
  let admin: ChannelModel;
  let lane: string;

  /** A client whose network is ours to spoil, and one whose is not. */
  const rabbitMqQueue = (address = url()): RabbitMqQueue => new RabbitMqQueue({ url: address, queueName });

  beforeEach(async () => {
    lane = newLane();
    admin = await connect(url());
    proxy = await TcpProxy.before(url());
    queue = rabbitMqQueue(proxy.url(url()));
    await queue.open();
  }, SERVER_START_MS);

  afterEach(async () => {
    proxy.set({ kind: 'pass' });
    await queue.close();
    await proxy.close();
    await admin.close();
  });

  async function withAdmin<T>(action: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await admin.createChannel();
    const result = await action(channel);
    await channel.close();
    return result;
  }

  /** What is left of two jobs when the ack of the first comes after a reconnect, while the second is held. */
  async function leftByLateAck(): Promise<string[]> {
    const [first, second] = newJobs(2) as [QueueJob, QueueJob];
    await queue.enqueueMany(inLane(lane, [first, second]));
    const old = await next(queue, lane);
    expect(old.job).toEqual(first);
    proxy.resetAll();
    const other = rabbitMqQueue();
    await other.open();
    // Until the broker has taken the first back, the second would be the next.
    await eventually(async () => (await other.depth(lane)) === 2);
    await other.ack(await next(other, lane, 20_000));
    // Each new channel counts its deliveries from one again: this one has the number of the old one.
    expect((await next(queue, lane, 20_000)).job).toEqual(second);
    await queue.ack(old);
    await queue.nack(old);
    // By the same channel, so that whatever was said before it has arrived.
    expect(await queue.dequeue(lane)).toBeNull();
    await queue.close();
    const left = await other.dequeue(lane);
    await other.close();
    return left ? idsOf([left]).map((id) => (id === second.jobId ? 'second' : id)) : [];
  }

  it('does not acknowledge another delivery with the ack of one from before a reconnect', async () => {
    expect(await leftByLateAck()).toEqual(['second']);
  });

  it('would do so if it settled on the channel of now, as a wrapper does', async () => {
    faults.arm({ off: ['raw-channel'] });
    try {
      expect(await leftByLateAck()).toEqual([]);
    } finally {
      faults.arm({});
    }
  });

  it('opens a new channel when the broker closed one (406) and the connection is still up', async () => {
    await queue.enqueueMany(inLane(lane, newJobs(2)));
    const delivery = await next(queue, lane);
    const connections = proxy.connections;
    const { channel, message } = receiptOf(delivery);
    const closed = new Promise((resolve) => channel.once('close', resolve));
    channel.ack(message);
    channel.ack(message);
    await closed;
    await queue.ack(delivery);
    await queue.ack(await next(queue, lane));
    await queue.enqueue(lane, newJob());
    await next(queue, lane);
    expect(proxy.connections).toBe(connections);
  });

  it('declares a lane anew that somebody deleted', async () => {
    for (const verb of ['dequeue', 'enqueue'] as const) {
      await queue.enqueue(lane, newJob());
      await queue.ack(await next(queue, lane));
      await withAdmin((channel) => channel.deleteQueue(`${queueName}.v1.${lane}`));
      if (verb === 'dequeue') expect(await queue.dequeue(lane)).toBeNull();
      await queue.enqueue(lane, newJob());
      await queue.ack(await next(queue, lane));
    }
  });

  it('holds no message for a worker without a free slot', async () => {
    await queue.enqueueMany(inLane(lane, newJobs(3)));
    await next(queue, lane);
    const other = rabbitMqQueue();
    await other.open();
    await take(other, lane, 2);
    await other.close();
  });

  it('gives back a message that came when its caller had already given up', async () => {
    const job = newJob();
    await queue.enqueue(lane, job);
    await queue.nack(await next(queue, lane));
    proxy.set({ kind: 'delay', ms: 1_500 });
    await expect(queue.dequeue(lane)).rejects.toThrow('no answer within 2 s');
    proxy.set({ kind: 'pass' });
    const other = rabbitMqQueue();
    await other.open();
    expect((await next(other, lane, 20_000)).job).toEqual(job);
    await other.close();
  });

  it('answers within three seconds while RabbitMQ swallows everything, and goes on when it does not', async () => {
    await queue.enqueue(lane, newJob());
    await queue.ack(await next(queue, lane));
    proxy.set({ kind: 'blackhole' });
    // A timer as theirs are: in a process that stood still, those that are due first still come first.
    const late = AbortSignal.timeout(3_000);
    const verbs = [queue.enqueue(lane, newJob()), queue.dequeue(lane), queue.ping(), queue.depth(lane)];
    for (const outcome of await Promise.allSettled(verbs)) expect(outcome.status).toBe('rejected');
    expect(late.aborted).toBe(false);
    proxy.set({ kind: 'pass' });
    await eventually(() => queue.enqueue(lane, newJob()), { timeoutMs: 40_000 });
    await next(queue, lane, 40_000);
  });

  it('rejects what was cut off before its confirm, and may have accepted it', async () => {
    const job = newJob();
    await queue.depth(lane);
    proxy.set({ kind: 'cut', afterBytes: 20 });
    await expect(queue.enqueue(lane, job)).rejects.toThrow('is not reachable');
    proxy.set({ kind: 'pass' });
    await eventually(() => queue.enqueue(lane, job), { timeoutMs: 20_000 });
    expect((await next(queue, lane)).job).toEqual(job);
  });

  it('keeps what it set aside for people to look at', async () => {
    await queue.enqueue(lane, newJob());
    await queue.ack(await next(queue, lane));
    await withAdmin(async (channel) => channel.sendToQueue(`${queueName}.v1.${lane}`, Buffer.from('{')));
    await eventually(async () => (await queue.depth(lane)) === 1);
    expect(await queue.dequeue(lane)).toBeNull();
    await eventually(async () => (await withAdmin((channel) => channel.get(`${queueName}.v1.set-aside`))) !== false);
  });

  it('says what is wrong when a queue of the name exists with other arguments', async () => {
    await withAdmin((channel) => channel.assertQueue(`${queueName}.v1.${lane}`, { durable: true }));
    await expect(queue.enqueue(lane, newJob())).rejects.toThrow(/delete it or change queue\.queue_name/);
    await expect(queue.ping()).resolves.toBeUndefined();
  });

  it('keeps its connections through the hooks of Nest until they are closed on purpose', async () => {
    const module = await Test.createTestingModule({
      imports: [RabbitMqQueueModule.register({ url: url(), queueName })],
    }).compile();
    await module.init();
    const held = module.get(ExecutionQueue);
    await held.open();
    await held.enqueue(lane, newJob());
    const delivery = await next(held, lane);
    await module.close();
    await held.ping();
    await held.ack(delivery);
    expect(await held.dequeue(lane)).toBeNull();
    await held.close();
    await expect(held.ping()).rejects.toThrow('not connected');
  });

  it('hears hints again after the broker cancelled its consumer (a null message)', async () => {
    const bus = new RabbitMqHintBus({ url: url(), queueName });
    await bus.open();
    const heard: Hint[] = [];
    bus.subscribe((hint) => heard.push(hint));
    // The empty name is the queue that this channel declared last.
    await channelOf(bus).deleteQueue('');
    await eventually(() => {
      bus.publish({ kind: 'execution', executionId: newId('exec') });
      return heard.length > 0;
    });
    await bus.close();
  });
});

(isSkipped('rabbitmq') ? describe.skip : describe)('RabbitMQ short of memory', () => {
  it(
    'takes nothing, says so within seconds, and still hands out',
    async () => {
      const server = await startRabbitMq({ config: 'vm_memory_high_watermark.absolute = 1' });
      const queue = new RabbitMqQueue({ url: server.url, queueName: 'alarm' });
      const lane = newLane();
      await queue.open();
      await expect(queue.enqueue(lane, newJob())).rejects.toThrow('no answer within 2 s');
      await expect(queue.enqueue(lane, newJob())).rejects.toThrow(/takes no messages: low on memory/);
      expect(await queue.dequeue(lane)).toBeNull();
      await queue.close();
      await server.stop();
    },
    SERVER_START_MS,
  );
});

function receiptOf(delivery: QueueDelivery): { channel: Channel; message: GetMessage } {
  return delivery.receipt as { channel: Channel; message: GetMessage };
}

function channelOf(bus: RabbitMqHintBus): Channel {
  return (bus as unknown as { channel: { now: Channel } }).channel.now;
}
