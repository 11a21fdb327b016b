import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LonghaulClient } from '@longhaul/client';
import { eventually } from '../../support/eventually';
import { GatewayFleet } from '../../support/gateway-fleet';
import { TcpProxy } from '../../support/tcp-proxy';
import { collect } from './collect';

const folder = mkdtempSync(join(tmpdir(), 'longhaul-client-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Long enough to be interrupted, and to be run again. */
const work = (sleepMs: number) => ({ message: 'Work.', context: { demo: { sleep_ms: sleepMs } } });

describe('a gateway that is killed while it is waited for', () => {
  const fleet = new GatewayFleet({
    queue: { backend: 'memory' },
    persistence: { backend: 'sqlite', url: join(folder, 'restarts.db'), poolSize: 1 },
  });
  afterAll(() => fleet.stop());

  it('is found again by wait and by watch, which misses nothing', async () => {
    const first = await fleet.startApi();
    const client = new LonghaulClient({ url: fleet.url });
    const { execution_id: id } = await client.submit('worker', work(3_000));
    const waited = client.wait(id);
    const watched = collect(client.watch(id));
    await eventually(async () => (await client.get(id)).status === 'running');
    await first.signal('SIGKILL');
    await fleet.startApi();
    expect(await waited).toMatchObject({ execution_id: id, status: 'completed' });
    const events = await watched;
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index));
    expect(events.at(-1)?.type).toBe('execution.completed');
    expect(events.filter(({ type }) => type === 'execution.started').length).toBeGreaterThan(1);
  });
});

describe('a line that is cut', () => {
  const fleet = new GatewayFleet({
    queue: { backend: 'memory' },
    persistence: { backend: 'sqlite', url: join(folder, 'cuts.db'), poolSize: 1 },
  });
  let proxy: TcpProxy;
  beforeAll(async () => {
    await fleet.startApi();
    proxy = await TcpProxy.before(fleet.url);
  });
  afterAll(async () => {
    await proxy.close();
    await fleet.stop();
  });

  it('ends neither wait nor watch, and a submission is tried again until it gets through', async () => {
    const client = new LonghaulClient({ url: `http://127.0.0.1:${proxy.port}` });
    proxy.set({ kind: 'reset' });
    const submitted = client.submit('worker', work(1_500));
    await eventually(() => {
      proxy.set({ kind: 'pass' });
      return true;
    });
    const { execution_id: id } = await submitted;
    const waited = client.wait(id);
    const watched = collect(client.watch(id));
    await eventually(() => proxy.connections > 0);
    proxy.resetAll();
    expect(await waited).toMatchObject({ status: 'completed' });
    expect((await watched).at(-1)?.type).toBe('execution.completed');
  });
});
