import { describeFault } from './support/describe-fault';

/** Lost by who is frozen, and not by who stands still for a moment. */
const LEASE = { LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '5' };

describeFault({
  id: 'F6',
  title:
    'a worker is frozen in a run beyond its lease; another one runs the execution, the first is told when it wakes',
  on: ['redis/postgres'],
  alsoOn: ['redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: LEASE,
  async run(world) {
    const frozen = await world.start();
    world.ledger.hold('held');
    const id = await world.work([
      { op: 'effect', name: 'held' },
      { op: 'say', times: 3 },
    ]);
    await world.ledger.happened('held');
    await world.freeze(frozen);
    await world.startWorker();
    await world.ledger.happened('held', 2);
    world.ledger.release('held');
    const execution = await world.end(id);
    frozen.send('SIGCONT');
    await world.eventually(() => /runs are aborted/.test(frozen.log));
    const runs = await world.api.runs(id);
    expect(runs[0]?.outcome).toBe('lost');
    expect(runs.at(-1)?.outcome).toBe('completed');
    expect(execution.output).toMatchObject({ runId: runs.at(-1)?.run_id });
    expect(await world.api.execution(id)).toEqual(execution);
  },
});

describeFault({
  id: 'F7',
  title: 'a worker is frozen just before it writes a result, beyond its lease; what it then says is refused',
  on: ['redis/postgres'],
  alsoOn: ['redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: LEASE,
  async run(world) {
    const frozen = await world.start({ at: { 'worker.ending': { do: 'stop' } } });
    const id = await world.work([{ op: 'effect', name: 'done' }]);
    await frozen.frozen();
    await world.startWorker();
    const execution = await world.end(id);
    frozen.send('SIGCONT');
    const stale = world.ledger.of(id)[0]?.runId;
    await world.eventually(() => frozen.log.includes(`the end of run ${stale} was refused`));
    expect(await world.api.execution(id)).toEqual(execution);
    expect(execution.output).not.toMatchObject({ runId: stale });
  },
  red: [{ without: 'fence', on: 'redis/postgres', seen: /I6 a gap in seq/ }],
});
