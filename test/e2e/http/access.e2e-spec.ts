import { generateApiKey, hashApiKey } from '@longhaul/config';
import { TestGateway } from './test-gateway';

const KEYS = { alice: generateApiKey(), bob: generateApiKey(), reader: generateApiKey() };

const GATEWAY_YAML = `
auth:
  mode: api_key
  api_keys:
    - { name: alice, key: ${KEYS.alice}, owner: acme }
    - { name: bob, key_hash: "sha256:${hashApiKey(KEYS.bob)}", owner: globex, scopes: [admin] }
    - { name: reader, key: ${KEYS.reader}, owner: acme, scopes: [executions:read] }
`;

const as = (key: string) => ({ authorization: `Bearer ${key}` });

type Operation = { method: 'GET' | 'POST' | 'DELETE' | 'PATCH'; path: string; public: boolean; signed: boolean };

describe('with auth.mode api_key', () => {
  let gateway: TestGateway;
  let operations: Operation[];
  beforeAll(async () => {
    gateway = await TestGateway.start({ worker: false, files: { 'gateway.yaml': GATEWAY_YAML } });
    operations = await readOperations();
  });
  afterAll(() => gateway.stop());

  /** Every operation of the OpenAPI document, so that a new route is looked at without anybody's thinking of it. */
  async function readOperations(): Promise<Operation[]> {
    const { body } = await gateway.get('/openapi.json');
    const paths = body['paths'] as Record<string, Record<string, { security?: object[] }>>;
    return Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { security }]) => ({
        method: method.toUpperCase() as Operation['method'],
        path,
        signed: security?.some((one) => 'webhookSignature' in one) ?? false,
        public: security?.some((one) => Object.keys(one).length === 0) ?? false,
      })),
    );
  }

  const call = (
    { method, path }: Operation,
    id: string,
    headers: Record<string, string>,
    body: object = { message: 'x' },
  ) => {
    const url = path.replace('{id}', path.startsWith('/v1/agents') ? 'slow' : id);
    const json = { ...headers, 'content-type': 'application/json' };
    if (method === 'PATCH') return gateway.ask({ method, url, headers: json, payload: JSON.stringify(body) });
    if (method !== 'POST') return gateway.ask({ method, url, headers });
    return gateway.post(url, body, headers);
  };

  it('every route wants a key, but for those that say that they do not', async () => {
    expect(operations.length).toBeGreaterThan(10);
    for (const operation of operations) {
      const { status, headers, body } = await call(operation, 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP', {});
      if (operation.public) expect([operation.path, status]).toEqual([operation.path, 200]);
      else expect([operation.path, status, body['code']]).toEqual([operation.path, 401, 'unauthenticated']);
      if (!operation.public && !operation.signed) expect(headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it("nobody sees another owner's execution, on any route", async () => {
    const id = await gateway.submit('slow', { message: 'secret' }, as(KEYS.alice));
    const own = operations.filter(({ path, signed }) => path.startsWith('/v1/executions/{id}') && !signed);
    expect(own.length).toBeGreaterThanOrEqual(4);
    for (const operation of own) {
      const { status, body } = await call(operation, id, as(KEYS.bob));
      expect([operation.path, status, body['code']]).toEqual([operation.path, 404, 'not_found']);
    }
    expect((await gateway.get('/v1/executions', as(KEYS.bob))).body['items']).toEqual([]);
    expect((await gateway.get(`/v1/executions/${id}`, as(KEYS.alice))).body['status']).toBe('queued');
    expect((await gateway.get(`/v1/executions/${id}`, as(KEYS.reader))).status).toBe(200);
  });

  it("nobody sees another owner's conversation, on any route, and the same id is another one for him", async () => {
    const conversation_id = 'conv_01JD8Z4M7T9QW2X5C6V8B0N3KS';
    const url = `/v1/conversations/${conversation_id}`;
    await gateway.submit('slow', { message: 'secret', conversation_id }, as(KEYS.alice));
    const own = operations.filter(({ path }) => path.startsWith('/v1/conversations/{id}'));
    expect(own.length).toBeGreaterThanOrEqual(3);
    for (const operation of own) {
      const { status, body } = await call(operation, conversation_id, as(KEYS.bob));
      expect([operation.path, status, body['code']]).toEqual([operation.path, 404, 'not_found']);
    }
    expect((await gateway.get('/v1/conversations', as(KEYS.bob))).body['items']).toEqual([]);
    await gateway.submit('slow', { message: 'mine', conversation_id }, as(KEYS.bob));
    const said = async (key: string) =>
      ((await gateway.get(`${url}/messages`, as(key))).body['items'] as { text: string }[]).map(({ text }) => text);
    expect([await said(KEYS.alice), await said(KEYS.bob), await said(KEYS.reader)]).toEqual([
      ['secret'],
      ['mine'],
      ['secret'],
    ]);
    expect((await gateway.ask({ method: 'DELETE', url, headers: as(KEYS.reader) })).status).toBe(403);
  });

  it("nobody sees another owner's webhook endpoint or delivery, on any route, nor is he told of what ended there", async () => {
    const url = 'https://hooks.example.com/';
    const endpoint = await gateway.post('/v1/webhook-endpoints', { url }, as(KEYS.alice));
    await gateway.post('/v1/webhook-endpoints', { url }, as(KEYS.bob));
    const execution = await gateway.submit('slow', { message: 'x' }, as(KEYS.alice));
    await gateway.post(`/v1/executions/${execution}/cancel`, undefined, as(KEYS.alice));
    const { body } = await gateway.get('/v1/deliveries', as(KEYS.alice));
    const [delivery, ...others] = body['items'] as { delivery_id: string; execution_id: string }[];
    expect([delivery?.execution_id, others]).toEqual([execution, []]);
    for (const [place, id] of [
      ['/v1/webhook-endpoints/{id}', String(endpoint.body['endpoint_id'])],
      ['/v1/deliveries/{id}', String(delivery?.delivery_id)],
    ] as const) {
      const own = operations.filter(({ path }) => path.startsWith(place));
      expect(own.length).toBeGreaterThanOrEqual(2);
      for (const operation of own) {
        const { status, body: problem } = await call(operation, id, as(KEYS.bob), {});
        expect([operation.method, operation.path, status, problem['code']]).toEqual([
          operation.method,
          operation.path,
          404,
          'not_found',
        ]);
      }
    }
    expect((await gateway.get('/v1/deliveries', as(KEYS.bob))).body['items']).toEqual([]);
    const stolen = { delivery_ids: [delivery?.delivery_id] };
    expect((await gateway.post('/v1/deliveries/redeliver', stolen, as(KEYS.bob))).body).toMatchObject({ count: 0 });
    const secretOf = async (key: string) => (await gateway.get('/v1/callback-secret', as(key))).body['secret'];
    expect(await secretOf(KEYS.alice)).not.toBe(await secretOf(KEYS.bob));
  });

  it('the same Idempotency-Key of two owners is two executions', async () => {
    const key = { 'idempotency-key': 'shared' };
    const first = await gateway.submit('slow', { message: 'x' }, { ...as(KEYS.alice), ...key });
    const second = await gateway.submit('slow', { message: 'x' }, { ...as(KEYS.bob), ...key });
    expect(second).not.toBe(first);
  });

  it.each([
    ['no key', undefined, 'a key is required'],
    ['a wrong one', 'Bearer lh_wrong', 'not known'],
    ['half of the right one', `Bearer ${KEYS.alice.slice(0, -1)}`, 'not known'],
    ['another scheme', `Basic ${KEYS.alice}`, 'Bearer <key>'],
    ['nothing after the scheme', 'Bearer ', 'Bearer <key>'],
  ])('%s is answered 401 and the mend', async (_name, authorization, words) => {
    const { status, body } = await gateway.get('/v1/agents', authorization === undefined ? {} : { authorization });
    expect([status, body['code']]).toEqual([401, 'unauthenticated']);
    expect(body['detail']).toMatch(words);
  });

  it('a key without the scope is answered 403, which names it', async () => {
    const id = await gateway.submit('slow', { message: 'x' }, as(KEYS.alice));
    const run = await gateway.post('/v1/agents/slow/chat', { message: 'x' }, as(KEYS.reader));
    expect([run.status, run.body['code'], run.body['detail']]).toEqual([
      403,
      'forbidden',
      'this key lacks the scope agents:run; it has executions:read',
    ]);
    const cancel = await gateway.post(`/v1/executions/${id}/cancel`, undefined, as(KEYS.reader));
    expect([cancel.status, cancel.body['detail']]).toEqual([403, expect.stringContaining('executions:cancel')]);
    expect((await gateway.get('/v1/agents', as(KEYS.reader))).status).toBe(200);
  });

  it("the operator's routes want the scope admin", async () => {
    const own = operations.filter(({ path }) => path.startsWith('/v1/workers'));
    expect(own.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/workers',
      'POST /v1/workers/{id}/drain',
    ]);
    const id = 'wrk_01JD8Z4M7T9QW2X5C6V8B0N3KT';
    for (const operation of own) {
      const { status, body } = await call(operation, id, as(KEYS.alice));
      expect([status, body['detail']]).toEqual([403, expect.stringContaining('lacks the scope admin')]);
      expect((await call(operation, id, as(KEYS.bob))).status).toBe(operation.method === 'GET' ? 200 : 404);
    }
  });

  it('the docs need no key', async () => {
    expect((await gateway.get('/docs')).text).toContain('swagger-ui');
    expect((await gateway.get('/docs/swagger-ui-bundle.js')).status).toBe(200);
  });
});

describe('with auth.mode none', () => {
  it('everybody is the same owner and may do everything', async () => {
    const gateway = await TestGateway.start({ worker: false });
    const id = await gateway.submit('slow', { message: 'x' });
    expect((await gateway.post(`/v1/executions/${id}/cancel`, undefined)).body['status']).toBe('cancelled');
    await gateway.stop();
  });
});
