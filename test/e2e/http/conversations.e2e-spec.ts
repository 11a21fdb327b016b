import { eventually } from '../../support/eventually';
import { TestGateway } from './test-gateway';

const LONG = { demo: { sleep_ms: 600_000 } };
const NOBODYS = 'conv_01JD8Z4M7T9QW2X5C6V8B0N3KS';

interface Record {
  execution_id: string;
  conversation_id: string;
  output: { text: string };
}

describe('conversations', () => {
  let gateway: TestGateway;
  beforeAll(async () => (gateway = await TestGateway.start()));
  afterAll(() => gateway.stop());

  /** A turn that is waited for. */
  async function say(message: string, more: object = {}): Promise<Record> {
    const { status, body, text } = await gateway.post('/v1/agents/quick/chat', { message, ...more });
    if (status !== 200) throw new Error(`${status} ${text}`);
    return body as unknown as Record;
  }
  const items = async (url: string) => (await gateway.get(url)).body['items'] as { [name: string]: unknown }[];
  const said = async (id: string) => (await items(`/v1/conversations/${id}/messages`)).map(({ text }) => text);
  const drop = (id: string) => gateway.ask({ method: 'DELETE', url: `/v1/conversations/${id}` });
  const ended = (id: string) => gateway.get(`/v1/executions/${id}?wait=20`);

  it('go on by the id that the first answer gave, and the model sees what was said', async () => {
    const first = await say('My name is Ada.');
    const { conversation_id } = first;
    expect(first.output.text).not.toMatch('conversation had turns');
    const second = await say('What is my name?', { conversation_id });
    const third = await say('Thanks.', { conversation_id });
    expect(second.output.text).toMatch('our conversation had turns: 1.');
    expect(third.output.text).toMatch('our conversation had turns: 2.');
    expect(await items(`/v1/conversations/${conversation_id}/messages?limit=2`)).toEqual([
      { seq: 1, role: 'user', text: 'My name is Ada.', execution_id: first.execution_id, at: expect.any(String) },
      { seq: 2, role: 'assistant', text: first.output.text, execution_id: first.execution_id, at: expect.any(String) },
    ]);
    expect((await gateway.get(`/v1/conversations/${conversation_id}`)).body).toEqual({
      conversation_id,
      agent: 'quick',
      turns: 3,
      created_at: expect.any(String),
      last_at: expect.any(String),
    });
  });

  it('may begin with an id of the caller, and with another agent go on', async () => {
    const { conversation_id } = await say('Hello.', { conversation_id: NOBODYS });
    expect(conversation_id).toBe(NOBODYS);
    const other = await gateway.submit('slow', {
      message: 'And you?',
      conversation_id,
      context: { demo: { sleep_ms: 0 } },
    });
    expect((await ended(other)).body).toMatchObject({ output: { text: expect.stringMatching('had turns: 1.') } });
    expect((await gateway.get(`/v1/conversations/${NOBODYS}`)).body).toMatchObject({ agent: 'quick', turns: 2 });
  });

  it('run one turn at a time in the order of submission, and a cancelled one lets the next go', async () => {
    const { conversation_id } = await say('one');
    const turn = (message: string, more: object) => gateway.submit('slow', { message, conversation_id, ...more });
    const long = await turn('two', { context: LONG });
    const unwanted = await turn('three', { context: LONG });
    const last = await turn('four', { context: { demo: { sleep_ms: 0 } } });
    const status = async (id: string) => (await gateway.get(`/v1/executions/${id}`)).body['status'];
    await eventually(async () => (await status(long)) === 'running');
    expect([await status(unwanted), await status(last)]).toEqual(['queued', 'queued']);
    await gateway.post(`/v1/executions/${unwanted}/cancel`, undefined);
    expect(await status(last)).toBe('queued');
    await gateway.post(`/v1/executions/${long}/cancel`, undefined);
    const { body } = await ended(last);
    expect(body).toMatchObject({ status: 'completed', output: { text: expect.stringMatching('had turns: 1.') } });
    expect(await said(conversation_id)).toEqual([
      'one',
      expect.stringMatching('You said: one'),
      'two',
      'three',
      'four',
      expect.stringMatching('You said: four'),
    ]);
  });

  it('take an idempotent request once', async () => {
    const { conversation_id } = await say('one');
    const key = { 'idempotency-key': 'turn-two' };
    const again = async () => gateway.post('/v1/agents/quick/chat', { message: 'two', conversation_id }, key);
    const [first, second] = [await again(), await again()];
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.body['execution_id']).toBe(first.body['execution_id']);
    expect(await said(conversation_id)).toHaveLength(4);
  });

  it('are not joined by an invoke, which only carries the id', async () => {
    const { conversation_id } = await say('one');
    const { body } = await gateway.post('/v1/agents/typed/invoke', { input: { topic: 'x' }, conversation_id });
    expect(body).toMatchObject({ status: 'completed', conversation_id });
    expect(await said(conversation_id)).toHaveLength(2);
  });

  it('are listed newest first, page by page, and by agent', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { body } = await gateway.post(
        '/v1/agents/slow/chat',
        { message: 'x', context: { demo: { sleep_ms: 0 } } },
        { prefer: 'wait=20' },
      );
      ids.unshift(String(body['conversation_id']));
    }
    await say('of another agent');
    const first = await gateway.get('/v1/conversations?agent=slow&limit=2');
    const rest = await gateway.get(`/v1/conversations?agent=slow&limit=1&cursor=${String(first.body['next_cursor'])}`);
    const found = [first, rest].flatMap(({ body }) => body['items'] as { conversation_id: string }[]);
    expect(found.map((item) => item.conversation_id)).toEqual(ids);
  });

  it('give their messages page by page, each once', async () => {
    const { conversation_id } = await say('1');
    for (const message of ['2', '3']) await say(message, { conversation_id });
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await gateway.get(`/v1/conversations/${conversation_id}/messages?limit=4${query}`);
      seen.push(...(body['items'] as { seq: number }[]).map(({ seq }) => seq));
      cursor = body['next_cursor'] as string | null;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('are deleted with what was said, but not while a turn is not over', async () => {
    const { conversation_id } = await say('one');
    const running = await gateway.submit('slow', { message: 'two', conversation_id, context: LONG });
    const busy = await drop(conversation_id);
    expect([busy.status, busy.body['code'], busy.body['execution_id']]).toEqual([409, 'conversation_busy', running]);
    expect(busy.body['detail']).toMatch(`wait for ${running} to end, or cancel it`);
    await gateway.post(`/v1/executions/${running}/cancel`, undefined);
    await ended(running);
    expect(await drop(conversation_id)).toMatchObject({ status: 204, text: '' });
    expect((await drop(conversation_id)).status).toBe(404);
    expect((await gateway.get(`/v1/conversations/${conversation_id}/messages`)).status).toBe(404);
    expect((await gateway.get(`/v1/executions/${running}`)).status).toBe(200);
    expect((await say('anew', { conversation_id })).output.text).not.toMatch('had turns');
  });

  it.each([
    ['GET', `/v1/conversations/${NOBODYS.slice(0, -1)}Z`, 404, 'not_found', 'ids come from the answer to a chat'],
    ['GET', '/v1/conversations/nonsense/messages', 404, 'not_found', 'conv_01J'],
    ['DELETE', '/v1/conversations/..%2F..%2Fetc', 404, 'not_found', 'conv_01J'],
    ['GET', '/v1/conversations?cursor=nonsense', 400, 'invalid_cursor', 'next_cursor'],
    ['GET', '/v1/conversations?limit=1000', 422, 'invalid_request', 'number from 1 to 100'],
    ['GET', '/v1/conversations?agnt=x', 422, 'invalid_request', 'did you mean \\"agent\\"'],
    ['GET', `/v1/conversations/${NOBODYS}/messages?cursor=MQ`, 400, 'invalid_cursor', 'next_cursor'],
    ['GET', `/v1/conversations/${NOBODYS}/messages?after=1`, 422, 'invalid_request', 'after'],
    ['DELETE', `/v1/conversations/${NOBODYS}?force=true`, 422, 'invalid_request', 'force'],
    ['POST', `/v1/conversations/${NOBODYS}`, 405, 'method_not_allowed', 'DELETE'],
  ] as const)('%s %s is answered %i %s', async (method, url, status, code, words) => {
    const { body, text, status: answered } = await gateway.ask({ method, url });
    expect([answered, body['code']]).toEqual([status, code]);
    expect(text).toMatch(words);
  });

  it('do not take a cursor of another list', async () => {
    await say('x');
    const { body } = await gateway.get('/v1/executions?limit=1');
    const other = await gateway.get(`/v1/conversations?cursor=${String(body['next_cursor'])}`);
    expect([other.status, other.body['code']]).toEqual([400, 'invalid_cursor']);
  });
});
