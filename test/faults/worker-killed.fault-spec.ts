import { describeFault } from './support/describe-fault';

describeFault({
  id: 'F1',
  title: 'a worker is killed right after its claim; another one runs the execution, at no cost to its attempts',
  on: ['memory/sqlite', 'redis/postgres'],
  alsoOn: ['memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  async run(world) {
    const victim = await world.start({ at: { 'worker.claimed': { do: 'kill' } } });
    const id = await world.work([{ op: 'effect', name: 'done' }]);
    await victim.death();
    await world.startWorker();
    const execution = await world.end(id);
    expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
    expect(world.ledger.of(id)).toHaveLength(1);
    expect((await world.api.runs(id)).map((run) => run.outcome)).toEqual(['lost', 'completed']);
  },
  red: [{ without: 'sweeper', on: 'memory/sqlite' }],
});
