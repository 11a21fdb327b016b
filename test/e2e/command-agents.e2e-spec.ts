import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PersistenceOptions } from '@longhaul/database';
import { ApiClient, type ExecutionView } from '../support/api-client';
import { openTestDatabase } from '../support/databases';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { GatewayFleet } from '../support/gateway-fleet';
import { GatewayProcess } from '../support/gateway-process';
import { processesOfGroup } from '../support/process-groups';
import { describeWithRedis } from '../support/servers';

/** A command and its child, both deaf to SIGTERM, that would run for ever. Its first line names its group. */
const STUBBORN = `#!/bin/sh
trap '' TERM
( while :; do sleep 1; done ) &
echo "group $$ child $!"
while :; do sleep 1; done
`;

const agent = (limits: string) => `---
runtime: command
execution_mode: async
command: { argv: [/bin/sh, tree.sh], cwd: scripts, kill_grace_s: 0.5, env: { PATH: '/usr/bin:/bin' } }
limits: { ${limits} }
---
`;

/** The group of a run of this execution, once it runs: a command, its child, and the guard. */
function groupOfRun(url: string, executionId: string, besides?: number): Promise<number> {
  return eventually(
    async () => {
      const events = await fetch(`${url}/v1/executions/${executionId}/events?limit=1000`, {
        headers: { accept: 'application/json' },
      });
      const { items } = (await events.json()) as { items: { type: string; data: { text?: string } }[] };
      const said = items.flatMap(({ type, data }) => (type === 'output.delta' ? [data.text ?? ''] : [])).join('');
      const found = [...said.matchAll(/group (\d+) child (\d+)/g)].map(([, group]) => Number(group));
      const group = found.find((candidate) => candidate !== besides);
      return group !== undefined && processesOfGroup(group).length >= 3 && group;
    },
    { timeoutMs: 60_000 },
  );
}

const gone = (group: number) => eventually(() => processesOfGroup(group).length === 0, { timeoutMs: 20_000 });

describe('a command that does not want to end, and its children', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-e2e-'));
  const groups = new Set<number>();
  let fleet: GatewayFleet;
  let gateway: GatewayProcess;
  let api: ApiClient;

  beforeAll(async () => {
    fleet = new GatewayFleet({
      queue: { backend: 'memory' },
      persistence: { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 },
      files: {
        'scripts/tree.sh': STUBBORN,
        'agents/endless/AGENT.md': agent('timeout_s: 600'),
        'agents/brief/AGENT.md': agent('timeout_s: 5'),
      },
    });
    gateway = await fleet.startApi();
    api = new ApiClient(fleet.url);
  });

  afterAll(async () => {
    await fleet?.stop();
    for (const group of groups) await gone(group);
    rmSync(folder, { recursive: true, force: true });
  });

  const groupOf = async (executionId: string, besides?: number): Promise<number> => {
    const group = await groupOfRun(fleet.url, executionId, besides);
    groups.add(group);
    return group;
  };
  const ended = (id: string, status: string): Promise<ExecutionView> =>
    eventually(async () => {
      const execution = await api.execution(id);
      return execution.status === status ? execution : false;
    });

  it('are gone after a cancel', async () => {
    const id = await api.submit('endless');
    const group = await groupOf(id);
    await api.post(`/v1/executions/${id}/cancel`, {});
    await ended(id, 'cancelled');
    await gone(group);
  });

  it('are gone after the time limit', async () => {
    const id = await api.submit('brief');
    const group = await groupOf(id);
    expect((await ended(id, 'failed')).error).toMatchObject({ code: 'timeout' });
    await gone(group);
  });

  it('are gone after a drain, and the execution goes on in the next process', async () => {
    const id = await api.submit('endless');
    const group = await groupOf(id);
    expect(await gateway.signal('SIGTERM')).toBe(0);
    await gone(group);
    gateway = await fleet.startApi();
    const next = await groupOf(id, group);
    await api.post(`/v1/executions/${id}/cancel`, {});
    await gone(next);
  });

  it.each([
    ['a kill -9 of the worker', async () => void (await gateway.signal('SIGKILL'))],
    [
      'a second SIGTERM, which ends the worker at once',
      async () => {
        const end = gateway.signal('SIGTERM');
        await gateway.until(() => gateway.log.includes('draining'));
        void gateway.signal('SIGTERM');
        await end;
      },
    ],
  ])(
    'are gone after %s',
    async (_, kill) => {
      const id = await api.submit('endless');
      const group = await groupOf(id);
      await kill();
      await gone(group);
      gateway = await fleet.startApi();
      const next = await groupOf(id, group);
      await api.post(`/v1/executions/${id}/cancel`, {});
      await ended(id, 'cancelled');
      await gone(next);
    },
    60_000,
  );
});

describeWithRedis('a command whose worker lost its lease', (redisUrl) => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-e2e-'));
  const persistence: PersistenceOptions = { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 };
  let fleet: GatewayFleet;

  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is gone once the worker, that was frozen, finds out; the one that took over goes on', async () => {
    fleet = new GatewayFleet({
      queue: { backend: 'redis', url: redisUrl() },
      persistence,
      files: { 'scripts/tree.sh': STUBBORN, 'agents/endless/AGENT.md': agent('timeout_s: 600') },
    });
    await fleet.startApi();
    const api = new ApiClient(fleet.url);
    const frozen = await fleet.startWorker();
    const id = await api.submit('endless');
    const lost = await groupOfRun(fleet.url, id);
    await fleet.startWorker();
    const { database, dataSource } = await openTestDatabase(persistence);
    await frozen.freeze(database);
    await database.close();
    await dataSource.destroy();
    const next = await groupOfRun(fleet.url, id, lost);
    process.kill(frozen.pid, 'SIGCONT');
    await gone(lost);
    expect(processesOfGroup(next).length).toBeGreaterThanOrEqual(3);
    await api.post(`/v1/executions/${id}/cancel`, {});
    await gone(next);
  });
});

describe('the sample agent test-runner', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-e2e-'));
  let gateway: GatewayProcess;
  let api: ApiClient;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    gateway = new GatewayProcess(
      ['--workspace', join(__dirname, '../../workspace'), '--port', String(port)],
      { LONGHAUL_PERSISTENCE__URL: join(folder, 'longhaul.db') },
      url,
    );
    await gateway.ready();
    api = new ApiClient(url);
  });

  afterAll(async () => {
    await gateway?.signal('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function outcomeOf(input: Record<string, string>): Promise<ExecutionView> {
    const accepted = await api.post('/v1/agents/test-runner/invoke', { input });
    expect(accepted.status).toBe(202);
    return api.execution(((await accepted.json()) as ExecutionView).execution_id, 25);
  }

  it('passes', async () => {
    expect(await outcomeOf({})).toMatchObject({
      status: 'completed',
      output: { exit_code: 0, stdout_tail: expect.stringContaining('pass 5') },
      progress: { percent: 100, message: 'done 5/5' },
    });
  });

  it('fails for good, with the test that failed', async () => {
    expect(await outcomeOf({ rounding: 'careless', only: 'cents' })).toMatchObject({
      status: 'failed',
      attempt: 1,
      error: {
        code: 'command_failed',
        retryable: false,
        details: { exit_code: 1, stdout_tail: expect.stringContaining('✖ adds cents exactly') },
      },
    });
  });
});
