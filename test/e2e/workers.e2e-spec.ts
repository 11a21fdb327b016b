import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';
import { GatewayFleet } from '../support/gateway-fleet';
import { longhaul } from '../support/gateway-process';
import { describeWithRedis, SERVER_START_MS } from '../support/servers';

interface WorkerView {
  worker_id: string;
  pid: number;
  state: string;
}

describeWithRedis('Workers as processes', (redis) => {
  let folder: string;
  let fleet: GatewayFleet;
  let api: ApiClient;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-workers-'));
    fleet = new GatewayFleet({
      queue: { backend: 'redis', url: redis() },
      persistence: { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 },
      // A worker whose lease ran out would go on as another one.
      env: { LONGHAUL_QUEUE__DRAIN_TIMEOUT_S: '600', LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '30' },
    });
    await fleet.startApi();
    api = new ApiClient(fleet.url);
  }, SERVER_START_MS);
  afterEach(() => fleet.stopWorkers('SIGKILL'));
  afterAll(async () => {
    await fleet.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const cli = (...args: string[]) => longhaul(args, { LONGHAUL_URL: fleet.url });
  const work = (sleepMs: number) => api.submit('worker', { context: { demo: { sleep_ms: sleepMs } } });
  const workers = async () => (await api.get<{ items: WorkerView[] }>('/v1/workers')).items;
  const idOf = async (pid: number) => (await workers()).find((worker) => worker.pid === pid)?.worker_id ?? 'none';

  it('one that is drained takes nothing more, ends what it runs, and exits with 0', async () => {
    const worker = await fleet.startWorker();
    const id = await work(600_000);
    await eventually(async () => (await api.execution(id)).status === 'running');
    const workerId = await idOf(worker.pid);
    const listed = await cli('workers', 'list');
    expect(listed.stdout).toMatch(new RegExp(`${workerId} +active .* 1/4 `));
    const drained = await cli('workers', 'drain', workerId);
    expect([drained.status, drained.stdout]).toEqual([0, expect.stringContaining(' draining, 1 running')]);
    await worker.until(() => worker.log.includes('takes nothing more'));
    const waits = await work(0);
    expect(await api.execution(id)).toMatchObject({ status: 'running' });
    await api.post(`/v1/executions/${id}/cancel`, {});
    expect(await worker.signal('SIGCONT')).toBe(0);
    expect((await api.runs(id)).map(({ outcome }) => outcome)).toEqual(['cancelled']);
    expect(await api.execution(waits)).toMatchObject({ status: 'queued' });
    expect((await workers()).map(({ state }) => state)).toEqual(['ended']);
    expect(await cli('workers', 'list')).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('no worker') as string,
    });
    expect((await cli('workers', 'list', '--all')).stdout).toContain(workerId);
    expect(await cli('workers', 'drain', 'wrk_nonsense')).toMatchObject({ status: 4 });
  });

  it('one that is recycled exits with 0 once it has begun as many executions as it may, and its successor goes on', async () => {
    const recycled = { LONGHAUL_WORKER__MAX_EXECUTIONS: '3', LONGHAUL_QUEUE__WORKERS: '1' };
    const first = await fleet.startWorker([], recycled);
    const ids = await Promise.all([1, 2, 3, 4, 5].map(() => work(10)));
    expect(await first.signal('SIGCONT')).toBe(0);
    expect(first.log).toContain('it has begun 3 executions');
    const second = await fleet.startWorker([], { ...recycled, LONGHAUL_WORKER__MAX_EXECUTIONS: '0' });
    await eventually(
      async () => (await Promise.all(ids.map((id) => api.execution(id)))).every(({ status }) => status === 'completed'),
      { timeoutMs: 30_000 },
    );
    const runs = (await Promise.all(ids.map((id) => api.runs(id)))).flat();
    expect(runs.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'completed'));
    const [before, after] = [await idOf(first.pid), await idOf(second.pid)];
    // One more was let go from the test before.
    const by = (worker: string) => runs.filter(({ worker_id }) => worker_id === worker).length;
    expect([by(before) + by(after), by(before) >= 2 && by(before) <= 3]).toEqual([5, true]);
  });
});
