import { STEADY } from './support/backlog';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

const CHILDREN = 50;
/** The worker dies when so many parts are done, those that are done again among them. */
const DEATHS = [8, 30];

describeFault({
  id: 'F39',
  title: 'a worker is killed twice while an execution waits for fifty others: each is asked once, and it goes on once',
  on: ['memory/sqlite'],
  alsoOn: ['redis/postgres', 'rabbitmq/sqlite'],
  env: { LONGHAUL_QUEUE__WORKERS: '10', ...STEADY },
  async run(world) {
    let worker = await world.start();
    const id = await world.work([
      { op: 'join', key: 'all', count: CHILDREN, does: [{ op: 'step', key: 'part', effects: 'idempotent', ms: 20 }] },
      { op: 'step', key: 'after', effects: 'idempotent' },
    ]);
    for (const done of DEATHS) {
      await world.eventually(() => keysOf(world, 'part').length >= done);
      await worker.signal('SIGKILL');
      worker = await world.startWorker();
    }
    const { status, attempt, output } = await world.end(id);
    expect([status, attempt]).toEqual(['completed', 1]);
    const [answers] = (output as { results: [{ results: { by: string }[] }[]] }).results;
    expect(answers.filter(({ results }) => results.length === 1)).toHaveLength(CHILDREN);
    const database = await world.database();
    const children = await database.read('SELECT id, status FROM executions WHERE parent_id = $1', [id]);
    expect(children.map((child) => child.status)).toEqual(Array.from({ length: CHILDREN }, () => 'completed'));
    // What was cut was done again, with its own key: fifty parts, and what comes after them was begun behind all of them.
    expect(new Set(keysOf(world, 'part')).size).toBe(CHILDREN);
    const names = world.ledger.effects.map(({ name }) => name);
    expect(names.lastIndexOf('part')).toBeLessThan(names.indexOf('after'));
    expect(new Set(keysOf(world, 'after')).size).toBe(1);
    const { items } = await world.api.get<{ items: unknown[] }>(`/v1/executions/${id}/tree`);
    expect(items).toHaveLength(CHILDREN + 1);
  },
});

function keysOf(world: FaultWorld, name: string): (string | undefined)[] {
  return world.ledger.named(name).map(({ idempotencyKey }) => idempotencyKey);
}
