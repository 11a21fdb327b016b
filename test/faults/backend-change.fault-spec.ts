import { sharedServer } from '../support/servers';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

const SHORT_MS = 100;
/** Longer than a drain waits. */
const LONG_MS = 1_000;

describeFault({
  id: 'Change of backend',
  title: '200 executions begin on memory, go on with Redis and end on RabbitMQ, through a shutdown and a kill',
  on: ['memory/sqlite'],
  alsoOn: ['memory/postgres'],
  besides: ['redis', 'rabbitmq'],
  async run(world) {
    const api = await world.startApi();
    const ids = await accepts(world, 200);
    await untilInTheMiddle(world, 40);
    expect(await api.signal('SIGTERM')).toBe(0);

    world.fleet.useQueue({ backend: 'redis', url: await sharedServer('redis') });
    const withRedis = [await world.startApi(), await world.startWorker()];
    ids.push(...(await accepts(world, 20)));
    await untilInTheMiddle(world, 100);
    await Promise.all(withRedis.map((process) => process.signal('SIGKILL')));

    world.fleet.useQueue({ backend: 'rabbitmq', url: await sharedServer('rabbitmq') });
    await world.start();
    ids.push(...(await accepts(world, 20)));
    await world.eventually(async () => (await counts(world)).live === 0);

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

/** Every tenth is a long one. */
async function accepts(world: FaultWorld, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1)
    ids.push(await world.work([{ op: 'sleep', ms: n % 10 === 9 ? LONG_MS : SHORT_MS }], { metadata: { n } }));
  return ids;
}

/** So many are over, a long one runs, and more are to come. */
async function untilInTheMiddle(world: FaultWorld, over: number): Promise<void> {
  const database = await world.database();
  await world.eventually(async () => (await counts(world)).over >= over);
  await world.eventually(async () => {
    const running = await database.read(`SELECT input FROM executions WHERE status = 'running'`);
    return running.some(({ input }) => JSON.stringify(input).includes(`${LONG_MS}`));
  });
  expect((await counts(world)).live).toBeGreaterThan(20);
}

async function counts(world: FaultWorld): Promise<{ over: number; live: number }> {
  const [row] = await (
    await world.database()
  ).read(`SELECT count(completed_at) AS ended, count(*) AS n FROM executions`);
  return { over: Number(row?.ended), live: Number(row?.n) - Number(row?.ended) };
}
