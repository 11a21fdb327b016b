import { describeFault } from './support/describe-fault';
import { STEADY } from './support/backlog';
import type { GatewayProcess } from '../support/gateway-process';

describeFault({
  id: 'F34',
  title: 'SIGTERM during ten runs; another worker ends them all, and no attempt is spent',
  on: ['memory/sqlite', 'redis/postgres'],
  alsoOn: ['memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: { ...STEADY, LONGHAUL_QUEUE__WORKERS: '10' },
  async run(world) {
    const first = await world.start();
    world.ledger.hold('held');
    const ids = await Promise.all(Array.from({ length: 10 }, () => world.work([{ op: 'effect', name: 'held' }])));
    await world.ledger.happened('held', 10);
    expect(await first.signal('SIGTERM')).toBe(0);
    world.ledger.release('held');
    await world.startWorker();
    for (const execution of await world.ended(ids)) {
      expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
      const runs = await world.api.runs(execution.execution_id);
      expect(runs.map((run) => run.outcome)).toEqual(['released', 'completed']);
    }
  },
});

describeFault({
  id: 'F36',
  title: 'three workers are replaced one after the other under a hundred executions; all end, and no attempt is spent',
  on: ['redis/postgres'],
  alsoOn: ['redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: { ...STEADY, LONGHAUL_QUEUE__WORKERS: '2' },
  async run(world) {
    const workers: GatewayProcess[] = [await world.start(), await world.startWorker(), await world.startWorker()];
    const ids = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        world.work([
          { op: 'sleep', ms: 400 },
          { op: 'effect', name: `${n}` },
        ]),
      ),
    );
    for (const worker of workers) {
      await world.startWorker();
      expect(await worker.signal('SIGTERM')).toBe(0);
    }
    for (const execution of await world.ended(ids)) {
      expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
      const outcomes = (await world.api.runs(execution.execution_id)).map((run) => run.outcome);
      expect(outcomes.join()).toMatch(/^(released,)*completed$/);
    }
    expect(new Set(world.ledger.effects.map((effect) => effect.name)).size).toBe(100);
  },
});
