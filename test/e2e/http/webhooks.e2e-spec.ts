import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { eventually } from '../../support/eventually';
import { type ReceiverAnswer, verified, WebhookReceiver } from '../../support/webhook-receiver';
import { TestGateway } from './test-gateway';

const ENV = {
  LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.1/32"]',
  LONGHAUL_WEBHOOKS__RETRY_SCHEDULE_S: '[0.02, 0.02]',
  LONGHAUL_WEBHOOKS__TIMEOUT_S: '5',
  LONGHAUL_WEBHOOKS__CIRCUIT: '{"failures": 3, "open_s": 0.5}',
  LONGHAUL_SERVER__PUBLIC_URL: 'https://gateway.example.com/base',
};

type Body = Record<string, unknown>;

describe('webhooks', () => {
  let gateway: TestGateway;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    gateway = await TestGateway.start({ env: ENV });
    // The first endpoint is answered only when no process believes any more that there are none.
    await gateway.post('/v1/webhook-endpoints', { url: 'https://example.com/', agents: ['nobody'] });
  });
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(async () => {
    receiver.stop();
    for (const { endpoint_id, url } of (await get('/v1/webhook-endpoints'))['items'] as Body[]) {
      if (url === 'https://example.com/') continue;
      await gateway.ask({ method: 'DELETE', url: `/v1/webhook-endpoints/${String(endpoint_id)}` });
    }
  });

  const get = async (url: string): Promise<Body> => (await gateway.get(url)).body;
  const items = async (query: string) => (await get(`/v1/deliveries?${query}`))['items'] as Body[];
  const run = (more: object = {}) => gateway.submit('slow', { message: 'hello', ...more });
  const fail = async (more: object = {}): Promise<string> => {
    const { body } = await gateway.post('/v1/agents/failing/invoke', { input: { code: 'timeout' }, ...more });
    return String(body['execution_id']);
  };
  const called = (executionId: string) => eventually(() => receiver.about(executionId)[0] ?? false);
  const registered = async (more: object = {}) => {
    const { status, body } = await gateway.post('/v1/webhook-endpoints', { url: receiver.url, ...more });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return { id: String(body['endpoint_id']), secret: String(body['secret']) };
  };
  const patch = (id: string, body: object) =>
    gateway.ask({
      method: 'PATCH',
      url: `/v1/webhook-endpoints/${id}`,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    });
  const only = (executionId: string, status: string): Promise<Body> =>
    eventually(async () => {
      const [found] = await items(`execution_id=${executionId}`);
      return found?.['status'] === status && get(`/v1/deliveries/${String(found['delivery_id'])}`);
    });

  describe('a callback_url', () => {
    it('is called when the execution has ended, signed with the secret of its owner', async () => {
      const id = await run({ callback_url: receiver.url, metadata: { ticket: 4711 }, tags: ['x'] });
      const call = await called(id);
      const record = await get(`/v1/executions/${id}`);
      const delivery = await only(id, 'delivered');
      expect(verified(call, String((await get('/v1/callback-secret'))['secret']))).toEqual({
        type: 'execution.completed',
        timestamp: delivery['created_at'],
        data: {
          execution_id: id,
          agent: 'slow',
          status: 'completed',
          created_at: record['created_at'],
          completed_at: record['completed_at'],
          conversation_id: record['conversation_id'],
          correlation_id: record['correlation_id'],
          metadata: { ticket: 4711 },
          tags: ['x'],
          poll_url: `https://gateway.example.com/base/v1/executions/${id}`,
        },
      });
      expect(call.headers).toMatchObject({
        'content-type': 'application/json',
        'x-correlation-id': record['correlation_id'],
        traceparent: expect.stringMatching(/^00-/) as string,
      });
      expect(delivery).toMatchObject({ channel: 'webhook', target: receiver.url, attempt: 1, last_status: 204 });
      expect(call.headers['webhook-id']).toBe(delivery['delivery_id']);
    });

    it('is verified by the lines of docs/webhooks.md, and a forged one is not', async () => {
      const page = readFileSync(join(__dirname, '../../../docs/webhooks.md'), 'utf8');
      const [, lines = ''] = /```js\n([^]*?)```/.exec(page) ?? [];
      const receive = runInNewContext(`${lines}; receive`, { require }) as (...args: unknown[]) => unknown;
      const id = await run({ callback_url: receiver.url });
      const { text, headers } = await called(id);
      const secret = (await get('/v1/callback-secret'))['secret'];
      expect(receive(secret, text, headers)).toMatchObject({ data: { execution_id: id } });
      expect(() => receive(secret, text.replace('completed', 'failed'), headers)).toThrow(/signature/i);
    });

    it('gets the whole record when it asks for that', async () => {
      const id = await run({ callback_url: receiver.url, callback_body: 'whole' });
      expect((await called(id)).body.data).toEqual(await get(`/v1/executions/${id}`));
      const failed = await fail({ callback_url: receiver.url, callback_body: 'whole' });
      expect((await called(failed)).body.data).toEqual(await get(`/v1/executions/${failed}`));
    });

    it('is told of a failure and of a cancel', async () => {
      const failed = await fail({ callback_url: receiver.url });
      expect((await called(failed)).body).toMatchObject({
        type: 'execution.failed',
        data: { status: 'failed', error: { code: 'timeout' } },
      });
      const cancelled = await run({ callback_url: receiver.url, delay_s: 1000 });
      await gateway.post(`/v1/executions/${cancelled}/cancel`, undefined);
      expect((await called(cancelled)).body.type).toBe('execution.cancelled');
    });

    it('is called for the execution that tries a failed one anew, too', async () => {
      const failed = await fail({ callback_url: receiver.url });
      await called(failed);
      const { body } = await gateway.post(`/v1/executions/${failed}/retry`, {});
      expect((await called(String(body['execution_id']))).body.type).toBe('execution.failed');
    });
  });

  describe('an endpoint', () => {
    it('is called for what it asked for, by event and by agent', async () => {
      const { secret } = await registered({ events: ['execution.failed'], agents: ['failing'] });
      const [completed, failed] = [await run(), await fail()];
      expect(verified(await called(failed), secret)).toMatchObject({ type: 'execution.failed' });
      await gateway.get(`/v1/executions/${completed}?wait=10`);
      expect(await items(`execution_id=${completed}`)).toEqual([]);
    });

    it('gets one call of an execution under one id, each endpoint its own', async () => {
      const [one, two] = [await registered(), await registered({ events: ['*'] })];
      const id = await run();
      await eventually(() => receiver.about(id).length === 2);
      const ids = receiver.about(id).map(({ headers }) => headers['webhook-id']);
      expect(new Set(ids).size).toBe(2);
      const deliveries = await items(`execution_id=${id}`);
      expect(new Set(deliveries.map((delivery) => delivery['endpoint_id']))).toEqual(new Set([one.id, two.id]));
      expect(new Set(deliveries.map((delivery) => delivery['delivery_id']))).toEqual(new Set(ids));
    });

    it('is tried again by the schedule under the same id, and each try can be read', async () => {
      await registered();
      receiver.script = (_, nth) => (nth < 3 ? { status: 503, body: `busy ${nth}` } : { status: 200, body: 'ok' });
      const id = await run();
      const delivery = await only(id, 'delivered');
      expect(receiver.calls.map(({ headers }) => headers['webhook-id'])).toEqual(
        Array(3).fill(delivery['delivery_id']),
      );
      expect(receiver.calls[2]?.text).toBe(receiver.calls[0]?.text);
      expect(delivery['tries']).toMatchObject([
        { attempt: 1, outcome: 'failed', status: 503, error: 'HTTP 503', excerpt: 'busy 1' },
        { attempt: 2, outcome: 'failed', status: 503, excerpt: 'busy 2' },
        { attempt: 3, outcome: 'delivered', status: 200, excerpt: 'ok' },
      ]);
    });

    it('is signed for with both secrets while one takes the place of the other', async () => {
      const { id, secret } = await registered();
      const { body } = await gateway.post(`/v1/webhook-endpoints/${id}/rotate-secret`, {});
      expect(body['previous_secret_until']).toBeDefined();
      const call = await called(await run());
      for (const either of [secret, String(body['secret'])]) expect(verified(call, either)).toBeDefined();
      await gateway.post(`/v1/webhook-endpoints/${id}/rotate-secret`, { overlap_s: 0 });
      const later = await called(await run());
      expect(() => verified(later, secret)).toThrow(/signature/i);
    });

    it('that answers 410 is disabled, and what has failed can be sent again when it is back', async () => {
      const { id } = await registered();
      receiver.script = () => ({ status: 410 });
      const execution = await run();
      const failed = await only(execution, 'failed');
      expect(failed).toMatchObject({ attempt: 1, last_status: 410 });
      expect(await get(`/v1/webhook-endpoints/${id}`)).toMatchObject({
        enabled: false,
        disabled_reason: 'it answered 410 Gone',
      });
      const silent = await run();
      await gateway.get(`/v1/executions/${silent}?wait=10`);
      expect(await items(`execution_id=${silent}`)).toEqual([]);
      receiver.script = () => ({});
      expect((await patch(id, { enabled: true })).body).toMatchObject({ enabled: true, failures: 0 });
      const again = await gateway.post('/v1/deliveries/redeliver', { filter: { endpoint_id: id } });
      expect(again.body).toEqual({ count: 1, delivery_ids: [failed['delivery_id']], next_cursor: null });
      expect(await only(execution, 'delivered')).toMatchObject({ delivery_id: failed['delivery_id'], attempt: 2 });
    });

    it('that fails too often in a row is left alone for a while; then one tries, and the rest follows', async () => {
      const { id } = await registered();
      receiver.script = () => ({ status: 500 });
      await only(await run(), 'failed');
      expect(await get(`/v1/webhook-endpoints/${id}`)).toMatchObject({
        failures: 3,
        paused_until: expect.any(String) as string,
      });
      const calls = receiver.calls.length;
      const [one, two] = [await run(), await run()];
      receiver.script = () => ({});
      await Promise.all([only(one, 'delivered'), only(two, 'delivered')]);
      expect(receiver.calls.length).toBe(calls + 2);
      const after = await get(`/v1/webhook-endpoints/${id}`);
      expect(after).toMatchObject({ failures: 0 });
      expect(after).not.toHaveProperty('paused_until');
    });

    it('is called at once when it is said to be enabled, though it has never been disabled', async () => {
      const { id } = await registered();
      receiver.script = () => ({ status: 500 });
      await only(await run(), 'failed');
      const { body } = await patch(id, { enabled: true });
      expect(body).toMatchObject({ enabled: true, failures: 0 });
      expect(body).not.toHaveProperty('paused_until');
    });

    it.each<[string, ReceiverAnswer, string]>([
      ['redirects inwards', { status: 307, headers: { location: 'http://127.0.0.2:9999/' } }, 'not a public address'],
      ['redirects with another method', { status: 302, headers: { location: '/other' } }, 'HTTP 302'],
      ['is cut', 'cut', 'the connection was cut'],
    ])('that %s has not received it', async (_, answer, words) => {
      await registered();
      receiver.script = () => answer;
      expect((await only(await run(), 'failed'))['last_error']).toMatch(words);
    });

    it('that answers 10 MB has received it, and a kilobyte of that is kept', async () => {
      await registered();
      receiver.script = () => ({ status: 200, body: Buffer.alloc(10_000_000, 'a') });
      const { tries } = await only(await run(), 'delivered');
      expect((tries as Body[])[0]?.['excerpt']).toBe('a'.repeat(1_024));
    });

    it('that answers in an encoding that nobody knows has answered: its status decides', async () => {
      await registered();
      const headers = { 'content-encoding': 'zstd' };
      receiver.script = (_, nth) => ({ status: nth === 1 ? 503 : 200, headers, body: 'what is it' });
      const { tries } = await only(await run(), 'delivered');
      expect(tries).toMatchObject([
        { outcome: 'failed', status: 503, error: 'HTTP 503' },
        { outcome: 'delivered', status: 200 },
      ]);
    });

    it('can have CloudEvents, and the whole record', async () => {
      await registered({ envelope: 'cloudevents', body: 'whole' });
      const id = await run();
      const call = await called(id);
      expect(call.headers['content-type']).toBe('application/cloudevents+json');
      expect(call.body).toMatchObject({
        specversion: '1.0',
        id: call.headers['webhook-id'],
        source: 'https://gateway.example.com/base',
        type: 'execution.completed',
        subject: id,
        data: await get(`/v1/executions/${id}`),
      });
    });

    it('can be tested, changed, and removed', async () => {
      const { id, secret } = await registered({ description: 'mine' });
      expect((await gateway.post(`/v1/webhook-endpoints/${id}/test`, undefined)).status).toBe(202);
      const call = await eventually(() => receiver.calls[0] ?? false);
      expect(verified(call, secret)).toMatchObject({ type: 'webhook.test' });
      const changed = await patch(id, { events: ['execution.failed'], url: `${receiver.url}/2`, enabled: false });
      expect(changed.body).toMatchObject({
        description: 'mine',
        events: ['execution.failed'],
        disabled_reason: 'by hand',
      });
      expect((await gateway.ask({ method: 'DELETE', url: `/v1/webhook-endpoints/${id}` })).status).toBe(204);
      expect((await gateway.get(`/v1/webhook-endpoints/${id}`)).status).toBe(404);
    });

    it('shows its secret once', async () => {
      const { id } = await registered();
      expect(await get(`/v1/webhook-endpoints/${id}`)).not.toHaveProperty('secret');
      for (const item of (await get('/v1/webhook-endpoints'))['items'] as Body[])
        expect(item).not.toHaveProperty('secret');
    });
  });

  it('a delivery that has arrived can be sent again, and so can all that failed', async () => {
    const id = await run({ callback_url: receiver.url });
    const { delivery_id } = await only(id, 'delivered');
    const again = await gateway.post(`/v1/deliveries/${String(delivery_id)}/redeliver`, undefined);
    expect([again.status, again.body['status']]).toEqual([202, 'pending']);
    await eventually(() => receiver.about(id).length === 2);
    expect(receiver.about(id)[1]?.headers['webhook-id']).toBe(delivery_id);
    receiver.script = () => ({ status: 404 });
    const failed = await run({ callback_url: receiver.url });
    await only(failed, 'failed');
    receiver.script = () => ({});
    const all = await gateway.post('/v1/deliveries/redeliver', { all: true });
    expect(all.body['delivery_ids']).toContain((await only(failed, 'delivered'))['delivery_id']);
  });

  describe('refuses', () => {
    const SSRF: [string, string][] = [
      ['http://169.254.169.254/latest', 'linkLocal'],
      ['http://2130706434/', 'loopback'],
      ['http://0x7f.2/', 'loopback'],
      ['http://[::ffff:a9fe:a9fe]/', 'linkLocal'],
      ['http://[64:ff9b::7f00:1]/', 'rfc6052'],
      ['http://10.0.0.1/', 'private'],
      ['https://127.0.0.2/', 'loopback'],
      ['file:///etc/passwd', 'only http and https'],
      ['gopher://example.com/', 'only http and https'],
      ['https://user:pw@example.com/', 'user or password'],
      ['https://example.com:22/', 'port 22 is not allowed'],
      ['http://example.com/hook', 'without encryption'],
      [`https://example.com/${'x'.repeat(2_100)}`, 'at most 2048 characters'],
      ['not a url', 'absolute URL'],
    ];

    it.each(SSRF)('as an endpoint and as a callback_url: %s', async (url, words) => {
      const endpoint = await gateway.post('/v1/webhook-endpoints', { url });
      expect([endpoint.status, endpoint.body['detail']]).toEqual([422, expect.stringContaining(words)]);
      const chat = await gateway.post('/v1/agents/slow/chat', { message: 'x', callback_url: url });
      expect([chat.status, chat.body['detail']]).toEqual([422, expect.stringContaining(words)]);
    });

    it.each([
      [{}, 'url: is required'],
      [
        { url: 'https://example.com', events: ['execution.done'] },
        /execution.completed, execution.failed, execution.cancelled, \*/,
      ],
      [{ url: 'https://example.com', agents: ['No Agent'] }, 'ids of agents, got "No Agent"'],
      [{ url: 'https://example.com', body: 'all' }, 'expected one of thin, whole'],
      [{ url: 'https://example.com', event: [] }, 'did you mean "events"'],
    ])('an endpoint like %j', async (body, words) => {
      const { status, body: problem } = await gateway.post('/v1/webhook-endpoints', body);
      expect([status, problem['detail']]).toEqual([422, expect.stringMatching(words)]);
    });

    it.each([
      [{}, 'exactly one of delivery_ids, filter and all'],
      [{ all: true, filter: { event: 'x' } }, 'got filter and all'],
      [{ filter: {} }, 'is empty'],
      [{ delivery_ids: ['nope'] }, 'got "nope"'],
      [{ all: false }, 'expected true'],
    ])('a redelivery of %j', async (body, words) => {
      const { status, body: problem } = await gateway.post('/v1/deliveries/redeliver', body);
      expect([status, problem['detail']]).toEqual([422, expect.stringContaining(words)]);
    });

    it('what there is not', async () => {
      for (const url of [
        '/v1/deliveries/dlv_01JD8Z4M7T9QW2X5C6V8B0N3KX',
        '/v1/webhook-endpoints/whe_01JD8Z4M7T9QW2X5C6V8B0N3KW',
        '/v1/deliveries/x',
      ]) {
        expect((await gateway.get(url)).status).toBe(404);
      }
      expect((await gateway.get('/v1/deliveries?cursor=x')).body['code']).toBe('invalid_cursor');
      expect((await gateway.get('/v1/deliveries?status=done')).body['detail']).toContain('pending, delivered, failed');
    });
  });
});
