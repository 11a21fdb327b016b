import { generateApiKey } from '@longhaul/config';
import { Database } from '@longhaul/database';
import { eventually } from '../../support/eventually';
import { SseReader } from '../../support/sse-reader';
import { StreamClient } from '../../support/stream-client';
import { WebhookReceiver } from '../../support/webhook-receiver';
import { type Answer, TestGateway } from './test-gateway';

/** The value of a series, by its name and any of its labels; undefined when there is none. */
function valueOf({ text }: Answer, name: string, labels: Record<string, string> = {}): number | undefined {
  const line = text
    .split('\n')
    .find(
      (one) =>
        (one.startsWith(`${name}{`) || one.startsWith(`${name} `)) &&
        Object.entries(labels).every(([label, value]) => one.includes(`${label}="${value}"`)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

describe('GET /metrics', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  const scrape = () => gateway.get('/metrics');

  it('counts what was accepted and how it ended, with its waiting, its run and what the model took', async () => {
    await gateway.post('/v1/agents/quick/chat', { message: 'count me' });
    await gateway.post('/v1/agents/failing/invoke', { input: { code: 'agent_error' } });
    const text = await eventually(async () => {
      const answer = await scrape();
      return valueOf(answer, 'longhaul_run_duration_seconds_count', { agent: 'failing' }) === 1 && answer;
    });
    expect(text.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    const value = (name: string, labels?: Record<string, string>) => valueOf(text, `longhaul_${name}`, labels);
    expect(value('executions_accepted_total', { agent: 'quick' })).toBe(1);
    expect(value('executions_completed_total', { status: 'completed', agent: 'quick' })).toBe(1);
    expect(value('executions_completed_total', { status: 'failed', agent: 'failing' })).toBe(1);
    expect(value('dead_letters_total', { agent: 'failing' })).toBe(1);
    expect(value('execution_wait_seconds_count', { agent: 'quick' })).toBe(1);
    expect(value('run_duration_seconds_count', { agent: 'quick' })).toBe(1);
    expect(value('model_tokens_total', { model: 'demo/echo', kind: 'output' })).toBeGreaterThan(0);
    expect(value('model_cost_usd_total', { model: 'demo/echo' })).toBe(0);
    expect(value('worker_slots')).toBe(20);
    expect(value('worker_slots_busy')).toBe(0);
  });

  it('counts the retries of an attempt that failed', async () => {
    const before = valueOf(await scrape(), 'longhaul_retries_total', { agent: 'slow' }) ?? 0;
    const demo = { fail: 'retryable', fail_times: 1, sleep_ms: 0 };
    const id = await gateway.submit('slow', { message: 'x', context: { demo } });
    expect((await gateway.get(`/v1/executions/${id}?wait=20`)).body).toMatchObject({ status: 'completed', attempt: 2 });
    expect(valueOf(await scrape(), 'longhaul_retries_total', { agent: 'slow' })).toBe(before + 1);
  });

  it('times requests under the pattern of their route, and under no name that a stranger chose', async () => {
    const nowhere = 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP';
    await gateway.get(`/v1/executions/${nowhere}`);
    await gateway.get('/wp-login.php?secret=1');
    await gateway.post('/v1/agents/no-such-agent/chat', { message: 'x' });
    const answer = await scrape();
    const count = (route: string, status: string) =>
      valueOf(answer, 'longhaul_http_request_duration_seconds_count', { route, status });
    expect(count('/v1/executions/:id', '404')).toBe(1);
    expect(count('/v1/agents/:id/chat', '404')).toBe(1);
    expect(answer.text).not.toMatch(/exec_|wp-login|secret|no-such-agent/);
  });

  it('shows what waits, and what nobody has looked after', async () => {
    const idle = await TestGateway.start({ worker: false });
    try {
      await idle.submit('slow', { message: 'x' });
      await idle.submit('slow', { message: 'y' });
      const answer = await idle.get('/metrics');
      expect(valueOf(answer, 'longhaul_queue_depth', { queue: 'default' })).toBe(2);
      expect(valueOf(answer, 'longhaul_queue_oldest_age_seconds', { queue: 'default' })).toBeGreaterThanOrEqual(0);
      expect(valueOf(answer, 'longhaul_dead_letters_open')).toBe(0);
      expect(valueOf(answer, 'longhaul_worker_slots')).toBeUndefined();
    } finally {
      await idle.stop();
    }
  });

  it('counts deliveries, open streams and leases that were lost', async () => {
    const receiver = await WebhookReceiver.start();
    const yaml = 'http: { allow_private_cidrs: [127.0.0.1/32] }\nqueue: { sweep_interval_s: 0.1 }\n';
    const busy = await TestGateway.start({ files: { 'gateway.yaml': yaml } });
    const url = await busy.listen();
    try {
      const id = await busy.submit('slow', { message: 'x', callback_url: receiver.url });
      const endless = await busy.submit('slow', { message: 'y', context: { demo: { sleep_ms: 600_000 } } });
      const streams = await Promise.all([1, 2].map(() => SseReader.open(`${url}/v1/executions/${endless}/events`, {})));
      const socket = await StreamClient.open(url, '/v1/stream');
      await busy.app.get(Database).run(
        `INSERT INTO workers (id, host, pid, version, queues, started_at, renewed_at)
         VALUES ('wrk_01JD8Z4M7T9QW2X5C6V8B0N3KP', 'h', 1, '0', '{}', 1, 1)`,
      );
      await eventually(() => receiver.about(id).length === 1);
      const value = async (name: string, labels: Record<string, string>) =>
        valueOf(await busy.get('/metrics'), `longhaul_${name}`, labels);
      await eventually(
        async () => (await value('deliveries_total', { channel: 'webhook', outcome: 'delivered' })) === 1,
      );
      await eventually(async () => (await value('lease_losses_total', { cause: 'silent' })) === 1);
      expect(await value('open_streams', { transport: 'sse' })).toBe(2);
      expect(await value('open_streams', { transport: 'websocket' })).toBe(1);
      for (const stream of streams) stream.close();
      socket.close();
      await eventually(async () => (await value('open_streams', { transport: 'sse' })) === 0);
      await eventually(async () => (await value('open_streams', { transport: 'websocket' })) === 0);
    } finally {
      await busy.stop();
      receiver.stop();
    }
  });

  it('refuses a query that it does not know', async () => {
    expect((await gateway.get('/metrics?format=json')).status).toBe(422);
  });
});

describe('who may scrape', () => {
  const KEYS = { admin: generateApiKey(), client: generateApiKey() };
  const yaml = (metrics: string) => `
server: { metrics: ${metrics} }
auth:
  api_keys:
    - { name: prometheus, key: ${KEYS.admin}, scopes: [admin] }
    - { name: client, key: ${KEYS.client} }
`;
  const statuses = async (metrics: string) => {
    const gateway = await TestGateway.start({ worker: false, files: { 'gateway.yaml': yaml(metrics) } });
    try {
      const ask = async (key?: string) =>
        (await gateway.get('/metrics', key === undefined ? {} : { authorization: `Bearer ${key}` })).status;
      return [await ask(), await ask(KEYS.client), await ask(KEYS.admin)];
    } finally {
      await gateway.stop();
    }
  };

  it('is who has a key of scope admin', async () => {
    expect(await statuses('{}')).toEqual([401, 403, 200]);
  });

  it('is everybody, where the operator says so', async () => {
    expect(await statuses('{ public: true }')).toEqual([200, 200, 200]);
  });

  it('is nobody where metrics are off: 404, which says how to have them', async () => {
    expect(await statuses('{ enabled: false }')).toEqual([401, 403, 404]);
  });
});
