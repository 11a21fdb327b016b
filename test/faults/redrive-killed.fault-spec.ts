import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

const FAILED = 60;

interface Redriven {
  count: number;
  items: { execution_id: string; retry_of: string; repeated: boolean }[];
  refused: object[];
}

async function redrive(world: FaultWorld, execution_ids: string[]): Promise<Redriven> {
  const response = await world.api.post('/v1/dead-letters/redrive', { execution_ids, per_s: 200 });
  return (await response.json()) as Redriven;
}

describeFault({
  id: 'Redrive',
  title: 'the API is killed while it redrives; the same again makes the rest, nothing twice, and all of it runs',
  on: ['redis/postgres'],
  alsoOn: ['memory/sqlite', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  async run(world) {
    const first = await world.startApi();
    if (world.apart) await world.startWorker();
    const fails = () =>
      world.work([
        { op: 'effect', name: 'ran' },
        { op: 'fail', kind: 'permanent' },
      ]);
    const failed = await Promise.all(Array.from({ length: FAILED }, fails));
    await world.ended(failed);
    await first.signal('SIGKILL');

    const doomed = await world.startApi({ at: { 'api.submitted': { do: 'kill', nth: 15 } } });
    await expect(redrive(world, failed)).rejects.toThrow();
    await doomed.death();

    await world.startApi();
    const { items, refused } = await redrive(world, failed);
    expect(refused).toEqual([]);
    expect(items.map(({ retry_of }) => retry_of)).toEqual(failed);
    const before = items.filter(({ repeated }) => repeated).length;
    expect(before).toBeGreaterThanOrEqual(15);
    expect(before).toBeLessThan(FAILED);
    const again = items.map(({ execution_id }) => execution_id);
    await world.ended(again);
    expect((await world.api.executions()).map(({ execution_id }) => execution_id).toSorted()).toEqual(
      [...failed, ...again].toSorted(),
    );
    // A run that loses its lease on a busy machine is run again: how often is not what this case is about.
    const ran = new Set(world.ledger.effects.map(({ executionId }) => executionId));
    expect([...ran].toSorted()).toEqual([...failed, ...again].toSorted());
  },
});
