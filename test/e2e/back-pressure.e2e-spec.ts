import { makeWorkspace } from '@longhaul/config/testing';
import { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { agentFile } from '../support/gateway-fleet';
import { GatewayProcess } from '../support/gateway-process';

const MAX_DEPTH = 5;

describe('a gateway with one slot and queue.max_depth 5', () => {
  let gateway: GatewayProcess;
  let api: ApiClient;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    gateway = new GatewayProcess(
      ['--workspace', makeWorkspace({ 'agents/worker/AGENT.md': agentFile('description: works') })],
      {
        LONGHAUL_QUEUE__BACKEND: 'memory',
        LONGHAUL_QUEUE__WORKERS: '1',
        LONGHAUL_QUEUE__MAX_DEPTH: String(MAX_DEPTH),
        LONGHAUL_SERVER__PORT: String(port),
      },
      url,
    );
    await gateway.ready();
    api = new ApiClient(url);
  });
  afterAll(() => gateway.signal('SIGKILL'));

  it('answers 429 and when to come again while five wait, and accepts again once they have run', async () => {
    const first = await api.submit('worker', { context: { demo: { sleep_ms: 600_000 } } });
    await eventually(async () => (await api.execution(first)).status === 'running');
    const quick = { message: 'x', context: { demo: { sleep_ms: 0 } } };
    const waiting = async () => (await api.executions()).filter(({ status }) => status === 'queued');
    // The depth is sampled every second: the first one counts as waiting until then.
    const refused = await eventually(async () => {
      const response = await api.post('/v1/agents/worker/chat', quick);
      return response.status === 429 && (await waiting()).length === MAX_DEPTH && response;
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      code: 'queue_full',
      detail: expect.stringContaining('queue.max_depth'),
    });

    const waited = await waiting();
    await api.post(`/v1/executions/${first}/cancel`, {});
    for (const { execution_id: id } of waited) {
      expect(await api.execution(id, 20)).toMatchObject({ status: 'completed' });
    }
    await eventually(() => api.submit('worker', quick));
  });
});
