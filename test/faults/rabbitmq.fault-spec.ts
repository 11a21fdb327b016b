import { Client } from 'pg';
import type { GatewayProcess } from '../support/gateway-process';
import { flushRabbitMq, startRabbitMq } from '../support/servers';
import { Backlog, STEADY } from './support/backlog';
import { RabbitMqBroker } from './support/brokers';
import { describeFault, serverOfFile } from './support/describe-fault';

/** What each call of the RabbitMQ client waits at most. */
const CALL_LIMIT_MS = 2_000;
/** How long this RabbitMQ lets anybody hold a message: 30 minutes, unless it is told otherwise. */
const HOLD_LIMIT_MS = 4_000;

/** By which RabbitMQ confirms: class 60, method 80. */
const BASIC_ACK = '\x00\x3c\x00\x50';

const lent = {
  rabbitmq: serverOfFile('rabbitmq', () =>
    startRabbitMq({ advanced: `{rabbit, [{consumer_timeout, ${HOLD_LIMIT_MS}}, {channel_tick_interval, 500}]}` }),
  ),
};

describeFault({
  id: 'F17',
  title: 'RabbitMQ is killed and started again; what waited runs, what came meanwhile was accepted',
  on: ['rabbitmq/postgres'],
  alsoOn: ['rabbitmq/sqlite'],
  lent,
  env: STEADY,
  async run(world, { rabbitmq }) {
    const broker = RabbitMqBroker.of(world);
    const backlog = await Backlog.of(world, broker);
    const rings = await broker.waiting();
    await flushRabbitMq(rabbitmq);
    await rabbitmq.kill();
    await backlog.accepts(5);
    await rabbitmq.restart();
    await world.eventually(async () => (await broker.waiting()) >= rings);
    await backlog.endsOnce();
    await backlog.isRungFor();
  },
});

describeFault({
  id: 'F18',
  title: 'RabbitMQ closes channels (404, 406), since the lane is gone and another queue has its name',
  on: ['rabbitmq/sqlite'],
  alsoOn: ['rabbitmq/postgres'],
  lent,
  env: STEADY,
  async run(world) {
    const broker = RabbitMqBroker.of(world);
    const backlog = await Backlog.of(world, broker);
    await broker.within(async (channel) => {
      await channel.deleteQueue(broker.lane);
      await channel.assertQueue(broker.lane, { durable: false });
    });
    world.proxies.queue?.resetAll();
    await backlog.accepts(5);
    await backlog.endsOnce();
    // What it has found itself may all be done before it is back at the broker.
    await world.eventually(() => backlog.worker.log.includes('delete it or change queue.queue_name'));
    await broker.within((channel) => channel.deleteQueue(broker.lane));
    await backlog.isRungFor();
  },
});

describeFault({
  id: 'F18',
  title: 'a run that takes longer than RabbitMQ lets anybody hold a message keeps none, and costs no channel',
  on: ['rabbitmq/sqlite'],
  alsoOn: ['rabbitmq/postgres'],
  lent,
  env: STEADY,
  async run(world) {
    const backlog = await Backlog.of(world, RabbitMqBroker.of(world));
    const ids = await backlog.accepts(2, 'long', [{ op: 'sleep', ms: HOLD_LIMIT_MS * 2 }]);
    await backlog.endsOnce();
    expect(ids).toHaveLength(2);
    expect(closedChannels(backlog.worker)).toEqual([]);
  },
  red: [
    {
      without: 'early-ack',
      on: 'rabbitmq/sqlite',
      seen: /PRECONDITION_FAILED - delivery acknowledgement .* timed out/,
    },
  ],
});

describeFault({
  id: 'F19',
  title: 'the connection is cut between delivery and ack: the rings come again, no other delivery is acknowledged',
  on: ['rabbitmq/postgres'],
  lent,
  env: STEADY,
  async run(world) {
    const broker = RabbitMqBroker.of(world);
    const backlog = await Backlog.of(world, broker);
    const rings = await broker.waiting();
    const unlock = await lockQueued(world.databaseUrl);
    world.ledger.release('busy');
    // The worker holds deliveries whose claims wait for the lock.
    await world.eventually(async () => (await broker.waiting()) < rings);
    world.proxies.queue?.resetAll();
    await world.eventually(async () => (await broker.waiting()) >= rings);
    await world.eventually(() => backlog.worker.log.includes('(longhaul consumer) is back'));
    await unlock();
    await backlog.endsOnce();
    await backlog.isRungFor();
    expect(closedChannels(backlog.worker)).toEqual([]);
  },
  red: [{ without: 'raw-channel', on: 'rabbitmq/postgres', seen: /PRECONDITION_FAILED - unknown delivery tag/ }],
});

describeFault({
  id: 'F20',
  title: 'the connection is cut before the confirm of a ring, which RabbitMQ may have or not: rung again, run once',
  on: ['rabbitmq/sqlite'],
  alsoOn: ['rabbitmq/postgres'],
  lent,
  env: STEADY,
  async run(world) {
    const broker = RabbitMqBroker.of(world);
    const backlog = await Backlog.of(world, broker);
    const rings = await broker.waiting();
    // RabbitMQ has it, and says so to nobody.
    world.proxies.queue?.set({ kind: 'lose', asked: 'executionId', answer: BASIC_ACK });
    await backlog.accepts(1);
    await world.eventually(() => world.proxies.queue?.lost === 1);
    await world.eventually(async () => (await broker.waiting()) > rings + 1);
    // RabbitMQ has but a part of it.
    world.proxies.queue?.set({ kind: 'cut', afterBytes: 20 });
    await backlog.accepts(5);
    world.proxies.queue?.set({ kind: 'pass' });
    await backlog.endsOnce();
    await backlog.isRungFor();
  },
});

describeFault({
  id: 'F21',
  title: 'RabbitMQ is short of memory and takes nothing; executions are accepted, and run',
  on: ['rabbitmq/postgres'],
  alsoOn: ['rabbitmq/sqlite'],
  lent,
  env: STEADY,
  async run(world, { rabbitmq }) {
    const backlog = await Backlog.of(world, RabbitMqBroker.of(world));
    await rabbitmq.tool('rabbitmqctl', 'set_vm_memory_high_watermark', 'absolute', '1');
    const startedAt = performance.now();
    await backlog.accepts(20);
    // Had each waited for RabbitMQ to fail, it would be four times as long.
    expect(performance.now() - startedAt).toBeLessThan((20 * CALL_LIMIT_MS) / 4);
    await backlog.endsOnce();
    await rabbitmq.tool('rabbitmqctl', 'set_vm_memory_high_watermark', '0.9');
    await backlog.isRungFor();
  },
});

describeFault({
  id: 'F22',
  title: 'somebody deletes the queue with every ring in it',
  on: ['rabbitmq/sqlite'],
  alsoOn: ['rabbitmq/postgres'],
  lent,
  env: STEADY,
  async run(world) {
    const broker = RabbitMqBroker.of(world);
    const backlog = await Backlog.of(world, broker);
    await broker.within((channel) => channel.deleteQueue(broker.lane));
    await backlog.accepts(5);
    await backlog.endsOnce();
    await backlog.isRungFor();
  },
});

/** Nobody can claim what is queued now before the answer is called. */
async function lockQueued(url: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; SELECT 1 FROM executions WHERE status = 'queued' FOR UPDATE`);
  return () => client.end();
}

/** The reasons that the broker gave for closing a channel of this process. */
function closedChannels({ log }: GatewayProcess): string[] {
  return log.match(/the broker closed a channel: (?:[^"\\]|\\.)*/g) ?? [];
}
