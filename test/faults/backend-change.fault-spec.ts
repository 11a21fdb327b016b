import { sharedServer } from '../support/servers';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

/** The slots of a worker, as the fleet sets them. */
const SLOTS = 4;

describeFault({
  id: 'Change of backend',
  title: '200 executions begin on memory, go on with Redis and end on RabbitMQ, through a shutdown and a kill',
  on: ['memory/sqlite'],
  alsoOn: ['memory/postgres'],
  besides: ['redis', 'rabbitmq'],
  async run(world) {
    world.ledger.hold('first hundred');
    world.ledger.hold('second hundred');
    const api = await world.startApi();
    const ids = [...(await accepts(world, 100, 'first hundred')), ...(await accepts(world, 100, 'second hundred'))];
    await world.ledger.happened('first hundred', SLOTS);
    expect(await api.signal('SIGTERM')).toBe(0);

    world.ledger.release('first hundred');
    world.fleet.useQueue({ backend: 'redis', url: await sharedServer('redis') });
    const withRedis = [await world.startApi(), await world.startWorker()];
    ids.push(...(await accepts(world, 20, 'more')));
    await world.ledger.happened('second hundred', SLOTS);
    await Promise.all(withRedis.map((process) => process.signal('SIGKILL')));

    world.ledger.release('second hundred');
    world.fleet.useQueue({ backend: 'rabbitmq', url: await sharedServer('rabbitmq') });
    await world.start();
    ids.push(...(await accepts(world, 20, 'more')));
    await world.eventually(async () => (await live(world)) === 0);

    const rows = await (await world.database()).read(`SELECT id, status, attempt FROM executions ORDER BY id`);
    expect(rows.map(({ id, status, attempt }) => `${String(id)} ${String(status)} ${Number(attempt)}`)).toEqual(
      ids.sort().map((id) => `${id} completed 1`),
    );
    const runs = await (await world.database()).read(`SELECT outcome, count(*) AS n FROM runs GROUP BY outcome`);
    const ended = new Map(runs.map(({ outcome, n }) => [String(outcome), Number(n)]));
    expect(ended.get('completed')).toBe(ids.length);
    // The shutdown and the kill each met something that ran.
    expect([...ended.keys()].sort()).toEqual(['completed', 'lost', 'released']);
  },
});

/** Every tenth has an effect of this name: those that are held take all slots when the others before them are over. */
async function accepts(world: FaultWorld, count: number, name: string): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1)
    ids.push(await world.work(n % 10 === 9 ? [{ op: 'effect', name }] : [{ op: 'sleep', ms: 50 }]));
  return ids;
}

async function live(world: FaultWorld): Promise<number> {
  const database = await world.database();
  const [row] = await database.read(`SELECT count(*) AS n FROM executions WHERE completed_at IS NULL`);
  return Number(row?.n);
}
