import { newId } from '@longhaul/kernel';
import { Backlog, STEADY } from './support/backlog';
import { type Broker, RabbitMqBroker, RedisBroker } from './support/brokers';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

const FILLING = 'x'.repeat(1_000);
const job = () => ({ v: 1, jobId: newId('job'), executionId: newId('exec') });

/** What is no job of this version. */
const NO_JOBS: Record<string, () => string> = {
  'bad JSON': () => '{"v":1,',
  'nothing at all': () => '',
  'a megabyte': () => JSON.stringify(FILLING.repeat(1_000)),
  'a future version': () => JSON.stringify({ ...job(), v: 2 }),
  'other types': () => JSON.stringify({ v: 1, jobId: 7, executionId: { toString: 'exec' } }),
  'no object': () => 'null',
  'ids of another kind': () => JSON.stringify({ ...job(), executionId: newId('job') }),
  'an id to break out with': () => JSON.stringify({ ...job(), executionId: `exec_'; DROP TABLE executions; --` }),
};

for (const backend of ['redis', 'rabbitmq'] as const) {
  describeFault({
    id: 'F46',
    title: `hostile messages in ${backend} are set aside, the worker lives and goes on with what is behind them`,
    on: backend === 'redis' ? ['redis/postgres'] : ['rabbitmq/sqlite'],
    alsoOn: backend === 'redis' ? ['redis/sqlite'] : ['rabbitmq/postgres'],
    env: STEADY,
    async run(world) {
      const broker = brokerOf(backend, world);
      const backlog = await Backlog.of(world, broker);
      for (const payload of Object.values(NO_JOBS)) await broker.inject(payload());
      // One that is well-formed, for an execution that nobody knows.
      await broker.inject(JSON.stringify(job()));
      await backlog.accepts(5);
      await backlog.endsOnce();

      await world.eventually(async () => (await broker.waiting()) === 0);
      const count = Object.keys(NO_JOBS).length;
      await world.eventually(async () => (await broker.setAside()) === count);
      expect(backlog.worker.log.match(/set aside a message in default\.default/g)).toHaveLength(count);
      expect(backlog.worker.log).not.toContain(FILLING);
      await backlog.isRungFor();
    },
  });
}

function brokerOf(backend: 'redis' | 'rabbitmq', world: FaultWorld): Broker {
  return backend === 'redis' ? RedisBroker.of(world) : RabbitMqBroker.of(world);
}
