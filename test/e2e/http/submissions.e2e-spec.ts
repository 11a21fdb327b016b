import { randomUUID } from 'node:crypto';
import { ExecutionsReader } from '@longhaul/executions';
import { eventually } from '../../support/eventually';
import { TestGateway } from './test-gateway';

const CHAT = { message: 'Hello' };
const FAST = { demo: { sleep_ms: 0 } };
const LONG = { demo: { sleep_ms: 600_000 } };

describe('a submission', () => {
  let gateway: TestGateway;
  beforeAll(async () => (gateway = await TestGateway.start({ env: { LONGHAUL_SERVER__SYNC_WAIT_S: '5' } })));
  afterAll(() => gateway.stop());

  const chat = (agent: string, body: object, headers: Record<string, string> = {}) =>
    gateway.post(`/v1/agents/${agent}/chat`, body, headers);

  it('to an async agent is answered 202 at once, with everything that the client needs from then on', async () => {
    const { status, headers, body } = await chat('slow', CHAT, { 'x-correlation-id': 'order 4711' });
    expect(status).toBe(202);
    const id = String(body['execution_id']);
    expect(body).toEqual({
      execution_id: expect.stringMatching(/^exec_[0-9A-Z]{26}$/),
      job_id: expect.stringMatching(/^job_/),
      run_id: expect.stringMatching(/^run_/),
      conversation_id: expect.stringMatching(/^conv_/),
      correlation_id: 'order 4711',
      agent: 'slow',
      status: 'queued',
      poll_url: `/v1/executions/${id}`,
      stream_url: `/v1/executions/${id}/events`,
      cancel_url: `/v1/executions/${id}/cancel`,
    });
    expect(headers).toMatchObject({
      location: `/v1/executions/${id}`,
      'retry-after': '2',
      'x-correlation-id': 'order 4711',
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('to a sync agent is answered 200 with the record', async () => {
    const { status, body } = await chat('quick', { ...CHAT, metadata: { n: 1 }, tags: ['a'], max_retries: 0 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ agent: 'quick', status: 'completed', attempt: 1, max_attempts: 1, tags: ['a'] });
    expect(body).toMatchObject({ metadata: { n: 1 }, output: { text: expect.stringContaining('You said: Hello') } });
    expect(Object.values(body)).not.toContain(null);
  });

  it('to a sync agent is answered 202 when the caller prefers that, or when it outlives the wait', async () => {
    const asked = await chat('quick', CHAT, { prefer: 'respond-async' });
    expect([asked.status, asked.headers['preference-applied']]).toEqual([202, 'respond-async']);
    const outlived = await chat('quick', { ...CHAT, context: LONG }, { prefer: 'wait=0' });
    expect([outlived.status, outlived.headers['preference-applied']]).toEqual([202, 'wait=0']);
  });

  it('to an async agent waits when the caller prefers that, for as long as was said', async () => {
    const ended = await chat('slow', { ...CHAT, context: FAST }, { prefer: 'wait=99' });
    expect([ended.status, ended.body['status'], ended.headers['preference-applied']]).toEqual([
      200,
      'completed',
      'wait=5',
    ]);
    const begun = await chat('slow', { ...CHAT, context: LONG }, { prefer: 'wait=1' });
    expect([begun.status, begun.headers['preference-applied']]).toEqual([202, 'wait=1']);
  });

  it.each([
    ['provider_error', 502],
    ['timeout', 504],
    ['agent_error', 500],
    ['not_found', 500],
  ])('whose execution fails with %s while it waits is a problem %i with its id and details', async (code, status) => {
    const answer = await gateway.post('/v1/agents/failing/invoke', { input: { code } });
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ status, code, detail: `failed as asked (${code})`, details: { asked: true } });
    const record = await gateway.get(`/v1/executions/${String(answer.body['execution_id'])}`);
    expect(record.body).toMatchObject({ status: 'failed', error: { code } });
  });

  it('whose execution is cancelled while it waits is a problem 409', async () => {
    const key = randomUUID();
    const body = { ...CHAT, context: LONG };
    const first = await chat('quick', body, { 'idempotency-key': key, prefer: 'respond-async' });
    const waiting = chat('quick', body, { 'idempotency-key': key });
    await gateway.post(String(first.body['cancel_url']), undefined);
    const { status, body: problem } = await waiting;
    expect([status, problem['code'], problem['execution_id']]).toEqual([409, 'cancelled', first.body['execution_id']]);
  });

  it('carries the trace context of the caller, or a root of its own', async () => {
    const reader = gateway.app.get(ExecutionsReader);
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const carried = await reader.get(await gateway.submit('slow', CHAT, { traceparent }), 'local');
    expect(carried.traceparent).toBe(traceparent);
    const made = await reader.get(await gateway.submit('slow', CHAT, { traceparent: 'nonsense' }), 'local');
    expect(made.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(made.correlationId).toMatch(/^corr_/);
  });

  it('goes on when the client hangs up', async () => {
    await gateway.app.listen(0, '127.0.0.1');
    const url = `${await gateway.app.getUrl()}/v1/agents/quick/chat`;
    const hangUp = new AbortController();
    const body = JSON.stringify({ ...CHAT, context: LONG, tags: ['abandoned'] });
    const request = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: hangUp.signal,
    });
    const abandoned = async () => {
      const { items } = (await gateway.get('/v1/executions?tag=abandoned&status=running')).body as { items: object[] };
      return items.length === 1;
    };
    await eventually(abandoned);
    hangUp.abort();
    await expect(request).rejects.toThrow('aborted');
    expect(await abandoned()).toBe(true);
  });

  it('checks the input of an invoke against the schema of the agent', async () => {
    const fits = await gateway.post('/v1/agents/typed/invoke', { input: { topic: 'heat' } });
    expect([fits.status, fits.body['output']]).toEqual([200, { seen: { topic: 'heat' } }]);
    const { status, body } = await gateway.post('/v1/agents/typed/invoke', { input: { topic: 5 } });
    expect(status).toBe(422);
    expect(body['errors']).toEqual([{ path: 'input.topic', message: 'expected string, got number' }]);
  });

  describe('with an Idempotency-Key', () => {
    it('is the same execution the second time, and says so', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const first = await chat('slow', { message: 'once', tags: ['x'] }, key);
      const second = await chat('slow', { tags: ['x'], message: 'once' }, key);
      expect([second.status, second.body['execution_id']]).toEqual([202, first.body['execution_id']]);
      expect(first.headers).not.toHaveProperty('idempotency-replayed');
      expect(second.headers['idempotency-replayed']).toBe('true');
    });

    it('attaches to the running one and waits, when the agent is sync', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const both = await Promise.all(
        [1, 2].map(() => chat('quick', { ...CHAT, context: { demo: { sleep_ms: 50 } } }, key)),
      );
      expect(both.map(({ status }) => status)).toEqual([200, 200]);
      expect(new Set(both.map(({ body }) => body['execution_id'])).size).toBe(1);
    });

    it('is refused with another body, and is another key for another agent or operation', async () => {
      const key = { 'idempotency-key': randomUUID() };
      await chat('slow', CHAT, key);
      const other = await chat('slow', { message: 'Bye' }, key);
      expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
      expect((await chat('quick', { message: 'Bye' }, key)).status).toBe(200);
      expect((await gateway.post('/v1/agents/slow/invoke', { input: 1 }, key)).status).toBe(202);
    });
  });

  it('says where to wait when the execution is delayed', async () => {
    const { body, headers } = await chat('slow', { ...CHAT, delay_s: 30 });
    expect(Number(headers['retry-after'])).toBeGreaterThan(20);
    const record = await gateway.get(String(body['poll_url']));
    expect(record.body).toMatchObject({ status: 'queued', status_detail: 'delayed', attempt: 0 });
    expect(record.body).toHaveProperty('next_attempt_at');
  });
});

describe('with backend none', () => {
  let gateway: TestGateway;
  beforeAll(async () => (gateway = await TestGateway.start({ env: { LONGHAUL_QUEUE__BACKEND: 'none' } })));
  afterAll(() => gateway.stop());

  it('everything is synchronous, whatever the agent or the caller says, and a header tells', async () => {
    const { status, body, headers } = await gateway.post(
      '/v1/agents/slow/chat',
      { ...CHAT, context: FAST },
      { prefer: 'respond-async' },
    );
    expect([status, body['status'], headers['preference-applied']]).toEqual([200, 'completed', 'wait=120']);
  });
});

describe('when no more may wait', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start({ worker: false, env: { LONGHAUL_QUEUE__MAX_DEPTH: '2' } });
  });
  afterAll(() => gateway.stop());

  it('a submission is answered 429 with Retry-After', async () => {
    await gateway.submit('slow', CHAT);
    await gateway.submit('slow', CHAT);
    const { status, body, headers } = await gateway.post('/v1/agents/slow/chat', CHAT);
    expect([status, body['code'], headers['retry-after']]).toEqual([429, 'queue_full', '5']);
  });
});
