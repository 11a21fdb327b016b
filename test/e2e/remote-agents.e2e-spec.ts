import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';
import { GatewayFleet } from '../support/gateway-fleet';
import { REMOTE_SECRET, RemoteAgent, signedCallback } from '../support/remote-agent';
import { freshDatabase, isSkipped, SERVER_START_MS, sharedServer } from '../support/servers';

const ENV = { LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '127.0.0.0/8', AGENT_SECRET: REMOTE_SECRET };
const agentFile = (url: string) =>
  `---\nruntime: http\nexecution_mode: async\nhttp: { url: "${url}", secret: "\${AGENT_SECRET}" }\n---\n`;

const skipped = (['postgres', 'redis'] as const).filter(isSkipped);
(skipped.length > 0 ? describe.skip : describe)(
  `HTTP agents, API and workers apart${skipped.length > 0 ? ` [skipped: ${skipped.join(', ')}]` : ''}`,
  () => {
    let remote: RemoteAgent;
    let fleet: GatewayFleet;
    let api: ApiClient;
    let drop: () => Promise<void>;

    beforeAll(async () => {
      remote = await RemoteAgent.start();
      const fresh = await freshDatabase(await sharedServer('postgres'));
      drop = fresh.drop;
      fleet = new GatewayFleet({
        queue: { backend: 'redis', url: await sharedServer('redis') },
        persistence: { backend: 'postgres', url: fresh.url, poolSize: 5 },
        env: {
          ...ENV,
          LONGHAUL_SERVER__PUBLIC_URL: 'http://gateway.example.com',
          // A death is seen by the life sign; a lease that ran out besides would be one loss more.
          LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '30',
        },
        files: { 'agents/remote/AGENT.md': agentFile(remote.url) },
      });
      await fleet.startApi();
      api = new ApiClient(fleet.url);
    }, SERVER_START_MS);
    afterAll(async () => {
      await fleet?.stop();
      remote?.stop();
      await drop?.();
    });

    const callBack = (id: string, body: object) => {
      const { text, headers } = signedCallback({ execution_id: id, attempt: 1, ...body });
      return fetch(`${fleet.url}/v1/executions/${id}/callback`, { method: 'POST', headers, body: text });
    };

    it('a callback to the API ends the run in a worker', async () => {
      const worker = await fleet.startWorker();
      remote.script = () => ({ status: 202 });
      const id = await api.submit('remote');
      await eventually(() => remote.asked('POST', id).length === 1, { timeoutMs: 20_000 });
      expect((await callBack(id, { status: 'running', progress: { percent: 50 } })).status).toBe(200);
      expect((await callBack(id, { status: 'completed', output: 'far away' })).status).toBe(200);
      expect(await api.execution(id, 20)).toMatchObject({ status: 'completed', output: 'far away', attempt: 1 });
      await worker.signal('SIGTERM');
    });

    it('an answer that came while its worker was dead is taken by the next, which does not ask again', async () => {
      const worker = await fleet.startWorker();
      const id = await api.submit('remote');
      await eventually(() => remote.asked('POST', id).length === 1, { timeoutMs: 20_000 });
      await worker.signal('SIGKILL');
      expect((await callBack(id, { status: 'completed', output: 'kept' })).status).toBe(200);
      await fleet.startWorker();
      expect(await api.execution(id, 30)).toMatchObject({ status: 'completed', output: 'kept', attempt: 1 });
      expect((await api.runs(id)).map(({ outcome }) => outcome)).toEqual(['lost', 'completed']);
      expect(remote.asked('POST', id)).toHaveLength(1);
      expect(remote.asked('DELETE', id)).toEqual([]);
    });

    it('without an answer the next worker asks again with the same key and attempt', async () => {
      await fleet.startWorker();
      const id = await api.submit('remote');
      await eventually(() => remote.asked('POST', id).length === 1, { timeoutMs: 20_000 });
      remote.script = () => ({ body: { output: 'asked again' } });
      await fleet.stopWorkers('SIGKILL');
      await fleet.startWorker();
      expect(await api.execution(id, 30)).toMatchObject({ status: 'completed', output: 'asked again', attempt: 1 });
      expect(remote.asked('POST', id).map(({ headers }) => headers['longhaul-attempt'])).toEqual(['1', '1']);
    });
  },
);

const hasPython = spawnSync('python3', ['--version']).status === 0;
(hasPython ? describe : describe.skip)(`examples/python-agent${hasPython ? '' : ' [skipped: no python3]'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-python-'));
  let python: ChildProcess;
  let log = '';
  let fleet: GatewayFleet;
  let api: ApiClient;

  beforeAll(async () => {
    python = spawn('python3', [join(__dirname, '../../examples/python-agent/agent.py'), '0'], {
      env: { PATH: process.env['PATH'], AGENT_SECRET: REMOTE_SECRET },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [python.stdout, python.stderr]) stream?.on('data', (chunk: Buffer) => (log += String(chunk)));
    const url = await eventually(() => /agent on (\S+)/.exec(log)?.[1] ?? false);
    fleet = new GatewayFleet({
      queue: { backend: 'memory' },
      persistence: { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 },
      env: ENV,
      files: { 'agents/counter/AGENT.md': agentFile(url) },
    });
    await fleet.startApi();
    api = new ApiClient(fleet.url);
  });
  afterAll(async () => {
    await fleet?.stop();
    python?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers at once', async () => {
    const id = await api.submit('counter', { message: 'to be or not to be' });
    expect(await api.execution(id, 20)).toMatchObject({ status: 'completed', output: { words: 6 } });
  });

  it('answers later, with progress', async () => {
    const id = await api.submit('counter', { message: 'later to be or not to be' });
    expect(await api.execution(id, 20)).toMatchObject({ status: 'completed', output: { words: 7 } });
    const events = await fetch(`${fleet.url}/v1/executions/${id}/events?follow=false`, {
      headers: { accept: 'application/json' },
    });
    const { items } = (await events.json()) as { items: { type: string }[] };
    expect(items.map(({ type }) => type)).toContain('execution.progress');
  });

  it('stops when the execution is cancelled', async () => {
    const id = await api.submit('counter', { message: `later ${'and '.repeat(300)}` });
    // The agent knows nothing yet of what only runs here.
    await eventually(async () => 'progress' in (await api.execution(id)));
    await api.post(`/v1/executions/${id}/cancel`, {});
    expect((await api.execution(id, 20)).status).toBe('cancelled');
    await eventually(() => log.includes(`stopped ${id}`));
  });
});
