import { generateApiKey } from '@longhaul/config';
import { eventually } from '../../support/eventually';
import { describeWithOwnRedis, uniqueName } from '../../support/servers';
import { TEST_AGENTS } from './test-agents';
import { type Answer, TestGateway } from './test-gateway';

const KEYS = { alice: generateApiKey(), bob: generateApiKey(), carol: generateApiKey() };
const as = (key: string) => ({ authorization: `Bearer ${key}` });

/** Windows so long that no test sees their end. */
const gatewayYaml = (more = '') => `
server:
  rate_limit: { requests: 5, per_s: 3600, failed_keys: 4, max_concurrent: 2 }
  ${more}
auth:
  api_keys:
    - { name: alice, key: ${KEYS.alice} }
    - { name: bob, key: ${KEYS.bob}, rate_limit: { requests: 3, per_s: 600 } }
    - { name: carol, key: ${KEYS.carol}, rate_limit: { requests: 0 }, max_concurrent: 0 }
`;

const LIST = '/v1/agents';

describe('limits on the way in', () => {
  let gateway: TestGateway;

  const start = async (yaml = gatewayYaml()) => {
    gateway = await TestGateway.start({ worker: false, files: { 'gateway.yaml': yaml } });
  };
  afterEach(() => gateway.stop());

  const list = (key: string) => gateway.get(LIST, as(key));
  const times = async (count: number, ask: () => Promise<Answer>): Promise<number[]> => {
    const statuses: number[] = [];
    for (let n = 0; n < count; n += 1) statuses.push((await ask()).status);
    return statuses;
  };

  it('count the requests of each key, say what is left, and refuse the one too many', async () => {
    await start();
    const first = await list(KEYS.alice);
    expect(first.headers).toMatchObject({ 'ratelimit-policy': '"key";q=5;w=3600', ratelimit: '"key";r=4;t=3600' });
    expect(await times(4, () => list(KEYS.alice))).toEqual([200, 200, 200, 200]);
    const refused = await list(KEYS.alice);
    expect(refused).toMatchObject({
      status: 429,
      body: {
        code: 'rate_limited',
        detail: expect.stringMatching(/^the key "alice" may send 5 requests in 3600 s; try/),
      },
    });
    expect(refused.headers['ratelimit']).toMatch(/^"key";r=0;t=\d+$/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_500);
    // Another key has its own limit, which its entry may set.
    expect(await times(4, () => list(KEYS.bob))).toEqual([200, 200, 200, 429]);
    expect(new Set(await times(20, () => list(KEYS.carol)))).toEqual(new Set([200]));
  });

  it('count the requests of an address, whatever its keys, and also where there are none', async () => {
    await start(gatewayYaml().replace('requests: 5', 'requests: 5, per_address: 7'));
    expect((await list(KEYS.alice)).headers).toMatchObject({
      'ratelimit-policy': '"address";q=7;w=3600, "key";q=5;w=3600',
      ratelimit: '"address";r=6;t=3600, "key";r=4;t=3600',
    });
    expect(await times(4, () => list(KEYS.alice))).toEqual([200, 200, 200, 200]);
    expect(await times(3, () => list(KEYS.carol))).toEqual([200, 200, 429]);
    expect((await gateway.get('/health/ready')).status).not.toBe(429);
    await gateway.stop();

    await start('server: { rate_limit: { per_address: 2, per_s: 3600 } }');
    expect(await times(3, () => gateway.get(LIST))).toEqual([200, 200, 429]);
    expect((await gateway.get(LIST)).body).toMatchObject({
      code: 'rate_limited',
      detail: expect.stringMatching(/^an address may send 2 requests in 3600 s; try/),
    });
  });

  it('leave health and documents alone', async () => {
    await start();
    await times(6, () => list(KEYS.alice));
    expect(new Set(await times(20, () => gateway.get('/health/live', as(KEYS.alice))))).toEqual(new Set([200]));
    expect((await gateway.get('/openapi.json')).headers['ratelimit']).toBeUndefined();
  });

  it('refuse who guesses keys, also when his guess is right, and not who shares his address and was here before', async () => {
    await start();
    await list(KEYS.alice);
    expect(await times(4, () => list('lh_wrong'))).toEqual([401, 401, 401, 401]);
    const refused = await list('lh_wrong');
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(refused.headers['retry-after']).toBeDefined();
    expect(await times(1, () => gateway.get(LIST))).toEqual([429]);
    expect(await times(1, () => list(KEYS.bob))).toEqual([429]);
    expect(await times(1, () => list(KEYS.alice))).toEqual([200]);
  });

  it('believe X-Forwarded-For of nobody but the proxies that are named', async () => {
    const from = (address: string) => gateway.get(LIST, { 'x-forwarded-for': address });
    await start();
    let n = 0;
    expect(await times(5, () => from(`203.0.113.${(n += 1)}`))).toEqual([401, 401, 401, 401, 429]);
    await gateway.stop();
    await start(gatewayYaml('trust_proxy: ["127.0.0.0/8"]'));
    expect(await times(5, () => from(`203.0.113.${(n += 1)}`))).toEqual([401, 401, 401, 401, 401]);
    expect(await times(5, () => from('203.0.113.99'))).toEqual([401, 401, 401, 401, 429]);
    // Whoever has an IPv6 address has 2^64 of them, and a port is no other client.
    expect(await times(5, () => from(`2001:db8:1:2::${(n += 1)}`))).toEqual([401, 401, 401, 401, 429]);
    expect(await times(5, () => from(`203.0.113.200:${50_000 + (n += 1)}`))).toEqual([401, 401, 401, 401, 429]);
  });

  it('let no more executions of an owner be live than may be, however many come at once', async () => {
    await start(gatewayYaml().replace('requests: 5', 'requests: 0'));
    const submit = (key: string, more: object = {}) =>
      gateway.post('/v1/agents/slow/chat', { message: 'Hi' }, { ...as(key), ...more });
    const answers = await Promise.all(Array.from({ length: 6 }, () => submit(KEYS.alice)));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted.length).toBeGreaterThan(0);
    while ((await submit(KEYS.alice)).status === 202) accepted.push({} as Answer);
    expect(accepted).toHaveLength(2);
    const refused = await submit(KEYS.alice);
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': '5' },
      body: { code: 'too_many_executions' },
    });
    // The end of one makes room; what has its place is answered again; another owner has places of his own.
    await gateway.post(`/v1/executions/${String(accepted[0]?.body['execution_id'])}/cancel`, {}, as(KEYS.alice));
    const keyed = { 'idempotency-key': 'k' };
    const second = await submit(KEYS.alice, keyed);
    expect([second.status, (await submit(KEYS.alice)).status]).toEqual([202, 429]);
    expect((await submit(KEYS.alice, keyed)).body['execution_id']).toBe(second.body['execution_id']);
    expect((await submit(KEYS.alice, { 'idempotency-key': 'new' })).status).toBe(429);
    expect((await submit(KEYS.bob)).status).toBe(202);
    expect(await times(5, () => submit(KEYS.carol))).toEqual([202, 202, 202, 202, 202]);
  });

  it('let no more executions be tried anew than may be live, and leave the rest open', async () => {
    const files = { 'gateway.yaml': gatewayYaml().replace('requests: 5', 'requests: 0') };
    gateway = await TestGateway.start({ agents: TEST_AGENTS, files });
    const post = (path: string, body: object) => gateway.post(path, body, as(KEYS.alice));
    const failed: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { body } = await post('/v1/agents/failing/invoke', { input: { code: 'agent_error' } });
      failed.push(String(body['execution_id']));
    }
    const redrive = (body: object) => post('/v1/dead-letters/redrive', { delay_s: 3_600, ...body });
    const some = await redrive({ execution_ids: failed.slice(0, 3) });
    expect(some.body).toMatchObject({
      count: 2,
      refused: [{ execution_id: failed[2], code: 'too_many_executions' }],
    });
    const items = some.body['items'] as { execution_id: string }[];
    expect(await redrive({ all: true })).toMatchObject({ status: 429, body: { code: 'too_many_executions' } });
    expect(await post(`/v1/executions/${failed[2]}/retry`, {})).toMatchObject({ status: 429 });
    await post(`/v1/executions/${items[0]?.execution_id}/cancel`, {});
    const walk = await redrive({ all: true });
    expect(walk.body).toMatchObject({ count: 1, items: [{ retry_of: failed[2] }], refused: [], remaining: 1 });
    const next = { all: true, cursor: walk.body['next_cursor'] };
    expect((await redrive(next)).status).toBe(429);
    await post(`/v1/executions/${items[1]?.execution_id}/cancel`, {});
    expect((await redrive(next)).body).toMatchObject({ count: 1, items: [{ retry_of: failed[3] }], remaining: 0 });
  });

  it('are none where nobody is asked for a key', async () => {
    await start('server: { rate_limit: { requests: 1, failed_keys: 1, max_concurrent: 1 } }');
    expect(await times(5, () => gateway.get(LIST))).toEqual([200, 200, 200, 200, 200]);
  });
});

describeWithOwnRedis('limits on the way in, of two API processes on one Redis', (server) => {
  const gateways: TestGateway[] = [];

  beforeAll(async () => {
    const env = {
      LONGHAUL_QUEUE__BACKEND: 'redis',
      LONGHAUL_QUEUE__REDIS_URL: server().url,
      LONGHAUL_QUEUE__STREAM_KEY: uniqueName('longhaul'),
    };
    for (let n = 0; n < 2; n += 1) {
      gateways.push(await TestGateway.start({ worker: false, env, files: { 'gateway.yaml': gatewayYaml() } }));
    }
  });
  afterAll(() => Promise.all(gateways.map((gateway) => gateway.stop())));

  const ask = (n: number, key: string) => gateways[n]?.get(LIST, as(key));

  it('count together, and each by itself while Redis is away, refusing nobody for that', async () => {
    for (const n of [0, 1, 0, 1, 0]) expect((await ask(n, KEYS.alice))?.status).toBe(200);
    expect((await ask(0, KEYS.alice))?.status).toBe(429);
    expect((await ask(1, KEYS.alice))?.status).toBe(429);
    await server().stop();
    await eventually(async () => (await ask(0, KEYS.bob))?.headers['ratelimit'] === '"key";r=1;t=600');
    expect((await ask(1, KEYS.bob))?.status).toBe(200);
    expect((await ask(0, KEYS.bob))?.status).toBe(200);
  });
});
