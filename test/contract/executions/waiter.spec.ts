import { submitCommand } from '@longhaul/executions/testing';
import { ExecutionWaiter } from '../../../libs/executions/src/execution-waiter';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { MemoryHintBus } from '../../../libs/queue/src/providers/memory';
import { describeOnDatabases } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { empty } from './fixtures';

const COUNT = 200;

describeOnDatabases('Those who wait for executions', (get) => {
  let waiter: ExecutionWaiter;

  beforeEach(() => empty(get().database));
  afterEach(() => waiter.beforeApplicationShutdown());
  afterEach(() => jest.restoreAllMocks());

  it('cost one statement together, and are woken by the hint, or by the poll where it was lost', async () => {
    const { database } = get();
    const hints = new MemoryHintBus();
    waiter = new ExecutionWaiter(database, hints);
    const commands = Array.from({ length: COUNT }, () => submitCommand());
    const ids = (await submitAll(database, commands, 60_000)).flatMap((outcome) =>
      'execution' in outcome ? outcome.execution.id : [],
    );
    expect(ids).toHaveLength(COUNT);
    const reads = jest.spyOn(database, 'read');
    const asked = () => reads.mock.calls.map(([, params]) => (JSON.parse(String(params?.[0])) as unknown[]).length);
    waiter.onModuleInit();

    const woken = new Set<string>();
    const ends = ids.map((id) => waiter.terminal(id, 600_000).then(() => woken.add(id)));
    await eventually(() => asked().filter((count) => count === COUNT).length >= 2);
    expect(reads.mock.calls.length).toBeLessThan(10);

    const [first = '', ...others] = ids;
    await database.run(`UPDATE executions SET status = 'cancelled' WHERE id = $1`, [first]);
    hints.publish({ kind: 'execution', executionId: first });
    await eventually(() => woken.has(first));
    expect(woken.size).toBe(1);

    await database.run(`UPDATE executions SET status = 'cancelled'`);
    await Promise.all(ends);
    expect(woken.size).toBe(1 + others.length);
  });
});
