import {
  LonghaulApiError,
  LonghaulClient,
  LonghaulConnectionError,
  LonghaulExecutionError,
  LonghaulTimeoutError,
} from '@longhaul/client';
import { freePort } from '../../support/free-port';
import { TestGateway } from '../http/test-gateway';
import { collect } from './collect';
import { FaultyFetch } from './faulty-fetch';

const SLOW = { message: 'x', context: { demo: { sleep_ms: 600_000 } } };

async function errorOf<T extends Error>(promise: Promise<unknown>): Promise<T> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: T) => error,
  );
}

describe('the client', () => {
  let gateway: TestGateway;
  let url: string;
  let client: LonghaulClient;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    url = await gateway.listen();
    client = new LonghaulClient({ url: `${url}/` });
  });
  afterAll(() => gateway.stop());

  it('asks and gives the record with the answer', async () => {
    const request = { message: 'Hello', tags: ['mine'] };
    const execution = await client.chat('slow', request, { correlationId: 'order-1' });
    expect(execution).toMatchObject({ status: 'completed', tags: ['mine'], correlation_id: 'order-1' });
    expect(execution.output).toMatchObject({ text: expect.stringContaining('You said: Hello') });
    expect(await client.chat('quick', 'Hello')).toMatchObject({ agent: 'quick', status: 'completed' });
  });

  it('invokes with an input', async () => {
    const { output } = await client.invoke('typed', { input: { topic: 'rain' } });
    expect(output).toEqual({ seen: { topic: 'rain' } });
  });

  it('throws the failure of an execution, with its record', async () => {
    const error = await errorOf<LonghaulExecutionError>(client.invoke('failing', { input: { code: 'timeout' } }));
    expect(error).toBeInstanceOf(LonghaulExecutionError);
    expect(error.execution).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
    expect(error.message).toBe(`${error.execution.execution_id} failed: failed as asked (timeout)`);
  });

  it('looks after what has failed', async () => {
    const { execution } = await errorOf<LonghaulExecutionError>(
      client.invoke('failing', { input: { code: 'timeout' } }),
    );
    const id = execution.execution_id;
    expect(await client.deadLetters.list({ reason: 'timeout', limit: 1 })).toMatchObject({
      items: [{ execution_id: id }],
    });
    const { items } = await client.deadLetters.groups({ limit: 1 });
    expect(items).toMatchObject([{ reason: 'timeout', sample: { execution_id: id } }]);
    expect(await client.deadLetters.get(id)).toMatchObject({ input: { code: 'timeout' }, runs: [{ attempt: 1 }] });
    const accepted = await client.retry(id, { input: { code: 'agent_error' } });
    expect(await client.wait(accepted.execution_id)).toMatchObject({ status: 'failed', retry_of: id });
    const redriven = await client.deadLetters.redrive({ execution_ids: [id] });
    expect(redriven.items).toMatchObject([{ execution_id: accepted.execution_id, repeated: true }]);
    const discarded = await client.deadLetters.discard({ all: true, reason: 'seen' });
    expect(discarded.execution_ids).toContain(accepted.execution_id);
    expect(await errorOf<LonghaulApiError>(client.retry('exec_01JD8Z4M7T9QW2X5C6V8B0N3KP'))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  it('reads the record, the list, the runs, the steps, the agents, health and the document', async () => {
    const { execution_id: id } = await client.chat('quick', { message: 'Hello', tags: ['reading'] });
    expect(await client.get(id)).toMatchObject({ execution_id: id });
    const page = await client.list({ tag: 'reading', status: ['completed', 'failed'], limit: 1 });
    expect(page).toMatchObject({ items: [{ execution_id: id }], next_cursor: null });
    expect(await client.runs(id)).toMatchObject([{ attempt: 1, outcome: 'completed' }]);
    expect(await client.steps(id)).toMatchObject([{ key: 'model:1', status: 'completed' }]);
    const [step] = await client.steps(id, { include: 'result' });
    expect(step).toMatchObject({ result: { text: expect.stringContaining('You said: Hello') as string } });
    expect((await client.agents()).map((agent) => agent.id)).toContain('typed');
    expect(await client.agent('slow')).toMatchObject({ execution_mode: 'async' });
    expect(await client.health()).toMatchObject({ status: 'ok', details: { database: { status: 'up' } } });
    expect(await client.openapi()).toMatchObject({ openapi: '3.1.0' });
  });

  it('cancels, also what has ended', async () => {
    const { execution_id: id } = await client.submit('slow', SLOW);
    await client.cancel(id);
    expect(await client.wait(id)).toMatchObject({ status: 'cancelled' });
    expect(await client.cancel(id)).toMatchObject({ status: 'cancelled' });
    await expect(client.chat('slow', SLOW, { timeoutS: 0.1 })).rejects.toThrow(LonghaulTimeoutError);
  });

  it('watches from the first event to the last, and from any in between', async () => {
    const { execution_id: id } = await client.submit('slow', { message: 'Hello' });
    const events = await collect(client.watch(id));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index));
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['execution.queued', 'execution.completed']);
    expect(await collect(client.watch(id, { after: 1 }))).toEqual(events.slice(2));
    expect(await collect(client.watch(id, { after: events.length - 1 }))).toEqual([]);
  });

  it('lists, reads and deletes conversations', async () => {
    const { conversation_id: id } = await client.chat('quick', 'My name is Ada.');
    expect(await client.conversations.get(id)).toMatchObject({ conversation_id: id, agent: 'quick', turns: 1 });
    const { items } = await client.conversations.list({ agent: 'quick', limit: 1 });
    expect(items.map(({ conversation_id }) => conversation_id)).toEqual([id]);
    const messages = await client.conversations.messages(id);
    expect(messages.items.map(({ role }) => role)).toEqual(['user', 'assistant']);
    await client.conversations.delete(id);
    await expect(client.conversations.get(id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await expect(client.conversations.delete(id)).rejects.toMatchObject({ status: 404 });
  });

  it('gives the record and the state when the time to wait is up, and leaves the execution alone', async () => {
    const { execution_id: id } = await client.submit('slow', SLOW);
    const error = await errorOf<LonghaulTimeoutError>(client.wait(id, { timeoutS: 0.2 }));
    expect(error).toBeInstanceOf(LonghaulTimeoutError);
    expect(error.execution.execution_id).toBe(id);
    expect(error.message).toMatch(new RegExp(`^${id} is still (queued|running) after 0.2 s$`));
    await client.cancel(id);
  });

  it.each([
    ['wait', (id: string, signal: AbortSignal) => client.wait(id, { signal })],
    ['watch', (id: string, signal: AbortSignal) => collect(client.watch(id, { signal }))],
  ])('%s ends with the reason of its signal', async (_name, call) => {
    const { execution_id: id } = await client.submit('slow', SLOW);
    const controller = new AbortController();
    const ended = errorOf(call(id, controller.signal));
    controller.abort(new Error('enough'));
    expect(await ended).toEqual(new Error('enough'));
    await client.cancel(id);
  });

  describe('refusals', () => {
    const EXEC = 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP';

    it.each([
      ['an unknown agent', () => client.chat('nobody', 'x'), 404, 'not_found', /nobody/],
      ['a disabled agent', () => client.chat('off', 'x'), 409, 'agent_disabled', /off/],
      ['an input that does not fit', () => client.invoke('typed', { input: {} }), 422, 'invalid_request', /./],
      ['an id that is none', () => client.get('no-such'), 404, 'not_found', /exec_/],
      ['an execution that there is not', () => client.wait(EXEC), 404, 'not_found', /./],
      ['events of nothing', () => collect(client.watch(EXEC)), 404, 'not_found', /./],
      ['a cursor that is none', () => client.list({ cursor: 'x' }), 400, 'invalid_cursor', /next_cursor/],
      ['a path in an id', () => client.get('../../health/live'), 404, 'not_found', /exec_/],
    ])('%s is a LonghaulApiError', async (_what, call, status, code, message) => {
      const error = await errorOf<LonghaulApiError>(call());
      expect(error).toBeInstanceOf(LonghaulApiError);
      expect(error).toMatchObject({ status, code, message: expect.stringMatching(message) });
      expect(error.traceId).toMatch(/^[0-9a-f]{32}$/);
    });

    it('names each field that is wrong', async () => {
      const request = { mesage: 'x' } as unknown as { message: string };
      const error = await errorOf<LonghaulApiError>(client.chat('slow', { ...request, message: '' }));
      expect(error.errors).toContainEqual(
        expect.objectContaining({ path: 'mesage', message: expect.stringContaining('did you mean "message"?') }),
      );
    });

    it.each(['127.0.0.1:8000', 'ftp://x', ''])('"%s" is no URL of a gateway', (text) => {
      expect(() => new LonghaulClient({ url: text })).toThrow('url: expected one such as http://127.0.0.1:8000');
    });

    it('nobody there is a LonghaulConnectionError that says where', async () => {
      const nobody = `http://127.0.0.1:${await freePort()}`;
      const error = await errorOf(new LonghaulClient({ url: nobody, retryS: 0 }).agents());
      expect(error).toBeInstanceOf(LonghaulConnectionError);
      expect(error.message).toContain(`no answer from ${nobody}/v1/agents: connect ECONNREFUSED`);
    });
  });

  describe('on a bad line', () => {
    it('submits once although the answers to it are lost', async () => {
      const faulty = new FaultyFetch().loseReply().loseReply();
      const retrying = new LonghaulClient({ url, fetch: faulty.fetch });
      const { execution_id: id } = await retrying.submit('slow', { message: 'once', tags: ['lost-reply'] });
      const { items } = await client.list({ tag: 'lost-reply' });
      expect(items.map(({ execution_id }) => execution_id)).toEqual([id]);
      const keys = new Set(faulty.seen.map(({ headers }) => headers.get('idempotency-key')));
      expect([faulty.seen.length, keys.size]).toEqual([3, 1]);
    });

    it.each([429, 502, 503, 504])('comes again upon %d', async (status) => {
      const faulty = new FaultyFetch().answer(status, { 'retry-after': '0' });
      expect(await new LonghaulClient({ url, fetch: faulty.fetch }).agents()).not.toEqual([]);
      expect(faulty.seen).toHaveLength(2);
    });

    it.each([400, 500])('does not come again upon %d', async (status) => {
      const faulty = new FaultyFetch().answer(status);
      const error = await errorOf(new LonghaulClient({ url, fetch: faulty.fetch }).agents());
      expect(error).toMatchObject({ status, code: 'http_error' });
      expect(faulty.seen).toHaveLength(1);
    });

    it('gives up with what was said when the time to come again is too far off', async () => {
      const faulty = new FaultyFetch().answer(429, { 'retry-after': '3600' });
      const error = await errorOf(new LonghaulClient({ url, fetch: faulty.fetch }).agents());
      expect(error).toMatchObject({ status: 429, retryAfterS: 3_600 });
    });

    it('does not hammer a gateway that does not wait as it is asked to', async () => {
      const { execution_id: id } = await client.submit('slow', SLOW);
      const record = JSON.stringify(await client.get(id));
      const json = { 'content-type': 'application/json' };
      const faulty = new FaultyFetch().times(100, (self) => self.answer(200, json, record));
      const hurried = new LonghaulClient({ url, fetch: faulty.fetch });
      await expect(hurried.wait(id, { timeoutS: 1 })).rejects.toThrow(LonghaulTimeoutError);
      expect(faulty.seen.length).toBeLessThan(5);
      await client.cancel(id);
    });
  });
});

describe('the client of a gateway without a queue', () => {
  it('gets the record of what ran, and of what failed, from submit', async () => {
    const gateway = await TestGateway.start({ env: { LONGHAUL_QUEUE__BACKEND: 'none' } });
    const client = new LonghaulClient({ url: await gateway.listen() });
    expect(await client.submit('slow', { message: 'x' })).toMatchObject({ status: 'completed' });
    expect(await client.submit('failing', { input: { code: 'provider_error' } })).toMatchObject({
      status: 'failed',
      error: { code: 'provider_error' },
    });
    await gateway.stop();
  });
});

describe('the client of a gateway with keys', () => {
  it('sends its key, and says what is wrong with another one', async () => {
    const keys = [{ name: 'ci', key: 'a-key-of-sixteen-and-more', scopes: ['executions:read'] }];
    const gateway = await TestGateway.start({ env: { LONGHAUL_AUTH__API_KEYS: JSON.stringify(keys) } });
    const url = await gateway.listen();
    const client = new LonghaulClient({ url, apiKey: 'a-key-of-sixteen-and-more' });
    expect(await client.list()).toEqual({ items: [], next_cursor: null });
    await expect(client.chat('slow', 'x')).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    await expect(new LonghaulClient({ url }).list()).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
    await gateway.stop();
  });
});
