import { describeFault } from './support/describe-fault';
import type { FaultWorld, Op } from './support/fault-world';
import { STEADY } from './support/backlog';

/** One agent that kills whatever runs it, beside others; and somebody who starts a worker whenever one has died. */
async function endsAlone(world: FaultWorld, deadly: Op): Promise<void> {
  let worker = await world.start();
  const neighbours = await Promise.all([1, 2, 3].map(() => world.work([{ op: 'sleep', ms: 300 }])));
  const id = await world.work([deadly]);
  let deaths = 0;
  const execution = await world.eventually(async () => {
    if (worker.ended) {
      deaths += 1;
      worker = await world.startWorker();
    }
    const found = await world.api.execution(id);
    return found.status === 'failed' && found;
  });
  expect(execution.error?.code).toBe('worker_lost');
  expect((await world.api.runs(id)).map((run) => run.outcome)).toEqual(['lost', 'lost', 'lost']);
  expect(deaths).toBe(3);
  for (const neighbour of await world.ended(neighbours)) {
    expect(neighbour).toMatchObject({ status: 'completed', attempt: 1 });
  }
}

describeFault({
  id: 'F10',
  title: 'an agent eats all memory each time; it fails as worker_lost after three workers, its neighbours are done',
  on: ['memory/sqlite'],
  alsoOn: ['redis/postgres', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: { ...STEADY, NODE_OPTIONS: '--max-old-space-size=128' },
  run: (world) => endsAlone(world, { op: 'oom' }),
});

describeFault({
  id: 'F11',
  title: 'an agent kills its worker each time; it fails as worker_lost after three workers, its neighbours are done',
  on: ['redis/postgres'],
  alsoOn: ['memory/sqlite', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: STEADY,
  run: (world) => endsAlone(world, { op: 'crash' }),
});
