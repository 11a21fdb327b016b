import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

const BLOCK_MS = 5_000;
const outcomes = async (world: FaultWorld, id: string) => (await world.api.runs(id)).map((run) => run.outcome);

describeFault({
  id: 'F8',
  title: 'an agent blocks the event loop beyond the lease; it and its neighbours end once each, elsewhere if need be',
  on: ['redis/postgres'],
  alsoOn: ['memory/sqlite', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  async run(world) {
    await world.start();
    await world.startWorker();
    const ids = await Promise.all(
      [1, 2, 3, 4].map(() =>
        world.work([
          { op: 'effect', name: 'neighbour' },
          { op: 'sleep', ms: 500 },
        ]),
      ),
    );
    await world.ledger.happened('neighbour');
    const id = await world.work([{ op: 'first', name: 'blocks', does: { op: 'block', ms: BLOCK_MS } }]);
    for (const execution of await world.ended([...ids, id])) {
      expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
    }
    // Where nobody else is there to take it back, the lease lives on.
    if (world.apart) expect((await outcomes(world, id))[0]).toBe('lost');
  },
});

describeFault({
  id: 'F9',
  title: 'the event loop of a worker stands still right after a claim, beyond the lease; it does not begin that run',
  on: ['memory/sqlite'],
  alsoOn: ['redis/postgres', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  async run(world) {
    await world.start({ at: { 'worker.claimed': { do: { block: BLOCK_MS } } } });
    const other = world.apart ? await world.startFrozenWorker() : undefined;
    const id = await world.work([{ op: 'effect', name: 'done' }]);
    await world.eventually(async () => (await world.api.execution(id)).status !== 'queued');
    other?.send('SIGCONT');
    expect(await world.end(id)).toMatchObject({ status: 'completed', attempt: 1 });
    expect((await outcomes(world, id)).join()).toMatch(/^(lost,)+completed$/);
    const begun = world.ledger.of(id).map((effect) => effect.runId);
    expect(begun).not.toContain((await world.api.runs(id))[0]?.run_id);
  },
});
