import type { Database } from '@longhaul/database';
import { WorkersService } from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import { LonghaulError, newId } from '@longhaul/kernel';
import type { Hint, HintBus } from '@longhaul/queue';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { endLease, registerWorker, renewLease } from '../../../libs/executions/src/statements/leases';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { describeOnDatabases } from '../../support/databases';
import { empty } from './fixtures';

const HOUR_MS = 3_600_000;

describeOnDatabases('The workers, as the operator sees them,', (get) => {
  let database: Database;
  let workers: WorkersService;
  let hints: Hint[];

  beforeEach(async () => {
    database = get().database;
    await empty(database);
    hints = [];
    workers = new WorkersService(database, { publish: (hint) => hints.push(hint) } as Partial<HintBus> as HintBus);
  });

  async function newWorker(slots: number | null = 4): Promise<string> {
    const id = newId('wrk');
    await registerWorker(database, { id, host: 'box', pid: 7, version: '1.2.3', queues: { default: 4 }, slots });
    return id;
  }

  async function run(workerId: string, owner: string): Promise<string> {
    const [outcome] = await submitAll(database, [submitCommand({ owner })], HOUR_MS);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    await claimAll(database, [{ executionId: outcome.execution.id, workerId, solo: false }]);
    return outcome.execution.id;
  }

  const states = async () => (await workers.list()).map(({ id, state }) => [id, state]);

  it('are what they say of themselves, and what they run, whoever owns it', async () => {
    const [busy, idle] = [await newWorker(), await newWorker(null)];
    const executions = [await run(busy, 'alice'), await run(busy, 'bob')];
    const [second, first] = await workers.list();
    expect(first).toMatchObject({ id: busy, host: 'box', pid: 7, version: '1.2.3', queues: { default: 4 }, slots: 4 });
    expect(first).toMatchObject({ state: 'active', running: 2, drainRequestedAt: null, endedAt: null });
    expect(first?.executions.map(({ id }) => id).sort()).toEqual(executions.sort());
    expect(Math.abs(Number(first?.executions[0]?.startedAt) - Number(first?.startedAt))).toBeLessThan(60_000);
    expect(second).toMatchObject({ id: idle, slots: null, running: 0, executions: [] });
  });

  it('tell how long they have been silent, by the clock of the database', async () => {
    const id = await newWorker();
    await database.run('UPDATE workers SET renewed_at = renewed_at - 90000 WHERE id = $1', [id]);
    const [worker] = await workers.list();
    expect(worker?.silentMs).toBeGreaterThanOrEqual(90_000);
    expect(worker?.silentMs).toBeLessThan(150_000);
  });

  it('name twenty of what they run, and how many there are', async () => {
    const id = await newWorker();
    for (let n = 0; n < 23; n += 1) await run(id, 'alice');
    const [worker] = await workers.list();
    expect([worker?.running, worker?.executions.length]).toEqual([23, 20]);
  });

  it('are active, draining, ended or lost; those that live come first, the others are listed for an hour', async () => {
    const [active, draining, ended, died, silent, old] = [
      await newWorker(),
      await newWorker(),
      await newWorker(),
      await newWorker(),
      await newWorker(),
      await newWorker(),
    ];
    await workers.drain(draining);
    await endLease(database, ended);
    await database.run(`UPDATE workers SET ended_at = renewed_at, end_reason = 'died' WHERE id = $1`, [died]);
    await database.run(`UPDATE workers SET ended_at = renewed_at, end_reason = 'silent' WHERE id = $1`, [silent]);
    await endLease(database, old);
    await database.run('UPDATE workers SET ended_at = ended_at - 3700000 WHERE id = $1', [old]);
    expect(await states()).toEqual([
      [draining, 'draining'],
      [active, 'active'],
      [silent, 'lost'],
      [died, 'lost'],
      [ended, 'ended'],
    ]);
  });

  it('learn by hint and by heartbeat that they are to drain, and may be asked twice', async () => {
    const [id, other] = [await newWorker(), await newWorker()];
    expect(await renewLease(database, id)).toMatchObject({ drains: false });
    const first = await workers.drain(id);
    expect(first.state).toBe('draining');
    expect(hints).toEqual([{ kind: 'drain', workerId: id }]);
    expect(await workers.drain(id)).toMatchObject({ drainRequestedAt: first.drainRequestedAt });
    expect(await renewLease(database, id)).toMatchObject({ drains: true });
    expect(await renewLease(database, other)).toMatchObject({ drains: false });
  });

  it('are not asked to drain when they have ended, or never were', async () => {
    const id = await newWorker();
    await endLease(database, id);
    expect(await workers.drain(id)).toMatchObject({ state: 'ended', drainRequestedAt: null });
    await expect(workers.drain(newId('wrk'))).rejects.toMatchObject({ code: 'not_found' });
    expect(hints).toEqual([]);
  });
});
