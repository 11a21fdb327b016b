import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Database } from '@longhaul/database';
import { newId } from '@longhaul/kernel';
import { NO_METRICS } from '@longhaul/telemetry';
import { ExecutionCounters } from '../../../libs/executions/src/execution-counters';
import {
  endLapsedLeases,
  endLeasesOfDead,
  registerWorker,
  renewLease,
  withoutLifeSign,
} from '../../../libs/executions/src/statements/leases';
import { DeadWorkers } from '../../../libs/executions/src/worker/dead-workers';
import type { WorkerLease } from '../../../libs/executions/src/worker/worker-lease';
import { ownMark } from '../../../libs/database/src/sqlite/process-mark';
import { describeOnDatabases } from '../../support/databases';
import { eventually } from '../../support/eventually';

const HOUR_MS = 3_600_000;

interface TestWorker {
  id: string;
  die(): Promise<unknown>;
}

describeOnDatabases('A worker that died', (get) => {
  let database: Database;
  let living: TestWorker[];

  beforeEach(async () => {
    database = get().database;
    await database.run('DELETE FROM workers');
    living = [];
  });
  afterEach(() => Promise.all(living.map((worker) => worker.die())));

  async function newWorker(): Promise<TestWorker> {
    const { mark, die } = database.dialect.name === 'postgres' ? await newSession() : newProcess();
    const id = newId('wrk');
    await registerWorker(database, { id, host: 'h', pid: 1, version: '0', queues: {}, lifeSign: mark });
    const worker = { id, die };
    living.push(worker);
    return worker;
  }

  async function newSession() {
    const sign = await database.showLife({ onLost: () => undefined, onRestored: () => undefined });
    return { mark: sign.mark, die: () => sign.close() };
  }

  function newProcess() {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    const exit = once(child, 'exit');
    const [scope] = ownMark().split(' ');
    return { mark: `${scope} ${child.pid} `, die: () => (child.kill('SIGKILL'), exit) };
  }

  function sweeper(id = '', deathCertificates = true): DeadWorkers {
    const options = { leaseTtlMs: HOUR_MS, deathCertificates } as ConstructorParameters<typeof DeadWorkers>[3];
    return new DeadWorkers(database, { id } as WorkerLease, new ExecutionCounters(NO_METRICS), options);
  }

  const rowOf = async ({ id }: TestWorker) =>
    (await database.read('SELECT ended_at, end_reason, renewed_at FROM workers WHERE id = $1', [id]))[0];
  const suspects = async () => (await withoutLifeSign(database, '')).map(({ id }) => id);

  it('is ended within seconds, and nobody else is', async () => {
    const [dead, alive] = [await newWorker(), await newWorker()];
    await dead.die();
    const [one, other] = [sweeper(), sweeper()];
    await eventually(async () => {
      await Promise.all([one.endLeases(), other.endLeases()]);
      return (await rowOf(dead))?.ended_at !== null;
    });
    const row = await rowOf(dead);
    expect(row?.end_reason).toBe('died');
    expect(Number(row?.ended_at) - Number(row?.renewed_at)).toBeLessThan(HOUR_MS);
    expect(await rowOf(alive)).toMatchObject({ ended_at: null, end_reason: null });
    expect(await renewLease(database, dead.id)).toBeNull();
  });

  it('is not ended at the first look', async () => {
    const dead = await newWorker();
    await dead.die();
    await eventually(async () => (await suspects()).includes(dead.id));
    await sweeper().endLeases();
    expect(await rowOf(dead)).toMatchObject({ ended_at: null });
  });

  it('was not dead when it is heard of between two looks', async () => {
    const worker = await newWorker();
    await worker.die();
    const found = await eventually(async () => {
      const silent = await withoutLifeSign(database, '');
      return silent.length > 0 && silent;
    });
    await database.run('UPDATE workers SET renewed_at = renewed_at + 1');
    expect(await endLeasesOfDead(database, found)).toEqual([]);
    expect(await endLeasesOfDead(database, await withoutLifeSign(database, ''))).toEqual([worker.id]);
  });

  it('was not dead when it shows its life sign at the second look', async () => {
    const { id } = await newWorker();
    const renewedAt = Number((await database.read('SELECT renewed_at FROM workers'))[0]?.renewed_at);
    expect(await endLeasesOfDead(database, [{ id, renewedAt }])).toEqual([]);
  });

  it('is left to its lease where life signs are switched off, or where it showed none', async () => {
    const [shown, none] = [await newWorker(), await newWorker()];
    await database.run('UPDATE workers SET life_sign = NULL WHERE id = $1', [none.id]);
    await Promise.all([shown.die(), none.die()]);
    await eventually(async () => (await suspects()).includes(shown.id));
    expect(await suspects()).toEqual([shown.id]);
    const read = jest.spyOn(database, 'read');
    await sweeper('', false).endLeases();
    expect(read.mock.calls.filter(([sql]) => sql.includes('life_sign'))).toEqual([]);
    read.mockRestore();
  });

  it('does not end its own lease, however long its machine slept', async () => {
    const [own, silent] = [await newWorker(), await newWorker()];
    await database.run('UPDATE workers SET renewed_at = renewed_at - 61000');
    expect(await endLapsedLeases(database, 60_000, own.id)).toEqual([silent.id]);
    expect(await rowOf(own)).toMatchObject({ ended_at: null });
    expect(await rowOf(silent)).toMatchObject({ end_reason: 'silent' });
  });
});
