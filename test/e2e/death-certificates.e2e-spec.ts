import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PersistenceOptions } from '@longhaul/database';
import { Invariants } from '@longhaul/executions/testing';
import { ApiClient, type ExecutionView } from '../support/api-client';
import { openTestDatabase, type TestDatabase } from '../support/databases';
import { eventually } from '../support/eventually';
import { GatewayFleet } from '../support/gateway-fleet';
import {
  describeWithOwnPostgres,
  describeWithPostgres,
  describeWithRedis,
  freshDatabase,
  SERVER_START_MS,
} from '../support/servers';

/** As a gateway is by default: long enough for a test to fail that waits for it. */
const LEASE = { LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '300', LONGHAUL_WORKER__HEARTBEAT_S: '5' };
const TERMINAL = ['completed', 'failed', 'cancelled'];

/** An agent that takes its worker along, each time. */
const KILLER = `
const { defineAgent } = require('longhaul');
exports.Killer = defineAgent({ id: 'killer', executionMode: 'async' }, () => process.kill(process.pid, 'SIGKILL'));
`;

interface WorkerRow {
  pid: number;
  renewed_at: number;
  ended_at: number | null;
  end_reason: string | null;
}

function describeDeaths(redis: () => string, prepare: () => Promise<PersistenceOptions & { drop(): unknown }>): void {
  let fleet: GatewayFleet;
  let api: ApiClient;
  let opened: TestDatabase;
  let drop: () => unknown;

  beforeEach(async () => {
    const { drop: remove, ...persistence } = await prepare();
    drop = remove;
    opened = await openTestDatabase(persistence);
    fleet = new GatewayFleet({
      queue: { backend: 'redis', url: redis() },
      persistence,
      env: LEASE,
      files: { 'gateway.yaml': 'extensions: [./killer.js]\n', 'killer.js': KILLER },
    });
    await fleet.startApi();
    api = new ApiClient(fleet.url);
  }, SERVER_START_MS);

  afterEach(async () => {
    await fleet.stop();
    expect(await new Invariants(opened.database).violations()).toEqual([]);
    await opened.database.close();
    await opened.dataSource.destroy();
    await drop();
  });

  const rows = async () => (await opened.database.read('SELECT * FROM workers ORDER BY id')) as unknown as WorkerRow[];
  const work = (sleepMs: number) => api.submit('worker', { context: { demo: { sleep_ms: sleepMs } } });
  const running = async (id: string) => (await api.execution(id)).status === 'running';
  const ended = (ids: string[]): Promise<ExecutionView[]> =>
    eventually(
      async () => {
        const executions = await Promise.all(ids.map((id) => api.execution(id)));
        return executions.every(({ status }) => TERMINAL.includes(status)) && executions;
      },
      { timeoutMs: 90_000 },
    );

  it('takes the executions of a killed worker back long before its lease is over', async () => {
    const victim = await fleet.startWorker();
    const ids = await Promise.all([1, 2, 3].map(() => work(3_000)));
    await eventually(async () => (await Promise.all(ids.map(running))).every(Boolean));
    await victim.signal('SIGKILL');
    await fleet.startWorker();
    for (const execution of await ended(ids)) expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
    const [dead, alive] = await rows();
    expect(dead).toMatchObject({ pid: victim.pid, end_reason: 'died' });
    expect(Number(dead?.ended_at) - Number(dead?.renewed_at)).toBeLessThan(60_000);
    expect(alive).toMatchObject({ ended_at: null });
  });

  it('leaves a frozen worker to its lease', async () => {
    const [frozen, watcher] = [await fleet.startWorker(), await fleet.startWorker()];
    await frozen.freeze(opened.database);
    const dies = await fleet.startWorker();
    await dies.signal('SIGKILL');
    // Whoever saw that death has looked at the frozen one as often.
    await eventually(async () =>
      (await rows()).some(({ pid, end_reason }) => pid === dies.pid && end_reason === 'died'),
    );
    const others = (await rows()).filter(({ pid }) => pid !== dies.pid);
    expect(others.map(({ pid, ended_at }) => [pid, ended_at])).toEqual([
      [frozen.pid, null],
      [watcher.pid, null],
    ]);
  });

  it('fails the execution that kills its workers after three of them, and its neighbours go on', async () => {
    const supervision = { stopped: false };
    const supervise = async () => {
      while (!supervision.stopped) {
        // It may die before it has said that it serves.
        await fleet.startWorker().then(
          (worker) => worker.death(),
          () => undefined,
        );
      }
    };
    const supervisors = [supervise(), supervise()];
    const neighbours = await Promise.all([1, 2, 3, 4].map(() => work(3_000)));
    const killer = await api.submit('killer');
    const [poison, ...others] = await ended([killer, ...neighbours]);
    expect(poison).toMatchObject({ status: 'failed', error: { code: 'worker_lost' } });
    expect((await api.runs(killer)).map((run) => run.outcome)).toEqual(['lost', 'lost', 'lost']);
    for (const execution of others) expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
    supervision.stopped = true;
    await fleet.stopWorkers('SIGKILL');
    await Promise.all(supervisors);
  });
}

describeWithRedis('A death certificate (sqlite)', (redis) => {
  describeDeaths(redis, () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-deaths-'));
    const drop = () => rmSync(folder, { recursive: true, force: true });
    return Promise.resolve({ backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1, drop });
  });
});

describeWithPostgres('A death certificate (postgres)', (postgres) => {
  describeWithRedis('and redis', (redis) => {
    describeDeaths(redis, async () => ({ backend: 'postgres', poolSize: 5, ...(await freshDatabase(postgres())) }));
  });
});

describeWithOwnPostgres('A restart of PostgreSQL', (server) => {
  it('is the death of no worker, and no execution is run again for it', async () => {
    const { url } = await freshDatabase(server().url);
    const fleet = new GatewayFleet({
      queue: { backend: 'memory' },
      persistence: { backend: 'postgres', url, poolSize: 5 },
      env: LEASE,
    });
    try {
      await fleet.startApi();
      const api = new ApiClient(fleet.url);
      // In one piece: nothing of the run is to be written before the server is there again.
      const id = await api.submit('worker', { context: { demo: { sleep_ms: 8_000, chunks: 1 } } });
      await eventually(async () => {
        const { items } = await api.get<{ items: { status: string }[] }>(`/v1/executions/${id}/steps`);
        return items[0]?.status === 'started';
      });
      await server().kill();
      await server().restart();
      const execution = await eventually(
        async () => {
          const found = await api.execution(id);
          return TERMINAL.includes(found.status) && found;
        },
        { timeoutMs: 60_000 },
      );
      expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
      expect((await api.runs(id)).map((run) => run.outcome)).toEqual(['completed']);
    } finally {
      await fleet.stop();
    }
  });
});
