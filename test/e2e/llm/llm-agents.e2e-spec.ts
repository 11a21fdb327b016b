import { answers, FakeLlm, says, type Reply } from '../../support/fake-llm';
import { eventually } from '../../support/eventually';
import { TestGateway } from '../http/test-gateway';

const KEY = 'sk-test-0123456789';
const agent = (front: string, body = 'You are terse.') => `---\n${front}\n---\n${body}\n`;
const person = 'type: object, required: [name, age], properties: { name: { type: string }, age: { type: integer } }';

const FILES = {
  'agents/talker/AGENT.md': agent(
    'execution_mode: sync\nmodel: { name: local/small, temperature: 0.2, max_tokens: 77 }\nretries: { max_retries: 1, delay_s: 0 }',
  ),
  'agents/careful/AGENT.md': agent(
    'execution_mode: sync\nmodel: { name: local/small, fallback: local/large }\nretries: { max_retries: 0 }',
  ),
  'agents/former/AGENT.md': agent(
    `execution_mode: sync\nmodel: { name: local/small }\nretries: { max_retries: 0 }\noutput_schema: { ${person} }`,
  ),
  'agents/priced/AGENT.md': agent(
    'execution_mode: sync\nmodel: { name: local/priced }\nretries: { max_retries: 1, delay_s: 0 }',
  ),
};

describe('an agent on a model server', () => {
  let llm: FakeLlm;
  let gateway: TestGateway;

  beforeAll(async () => {
    llm = await FakeLlm.start();
    const local = {
      base_url: llm.url,
      api_key: KEY,
      headers: { 'x-team': 'blue' },
      first_token_timeout_s: 1,
      idle_timeout_s: 0.5,
    };
    gateway = await TestGateway.start({
      files: FILES,
      env: {
        LONGHAUL_PROVIDERS: JSON.stringify({ local }),
        LONGHAUL_PRICES: JSON.stringify({ 'local/priced': { input: 1, output: 10 } }),
      },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await llm.stop();
  });
  beforeEach(() => {
    llm.requests.length = 0;
    llm.script.length = 0;
    llm.reply = () => says('Hello.');
  });

  const chat = (id: string, message = 'Hi', more: object = {}) =>
    gateway.post(`/v1/agents/${id}/chat`, { message, ...more });
  const events = async (id: unknown, type: string) => {
    const { body } = await gateway.get(`/v1/executions/${String(id)}/events`, { accept: 'application/json' });
    return (body['items'] as { type: string; data: Record<string, unknown> }[]).filter((event) => event.type === type);
  };
  const idOf = ({ body }: { body: Record<string, unknown> }) => String(body['execution_id']);

  it('sends the instructions, the message, the settings, the key and the headers, and answers the text', async () => {
    const answer = await chat('talker');
    expect(answer).toMatchObject({ status: 200, body: { status: 'completed', output: { text: 'Hello.' } } });
    expect(llm.requests).toMatchObject([
      {
        path: '/v1/chat/completions',
        headers: { authorization: `Bearer ${KEY}`, 'x-team': 'blue' },
        body: {
          model: 'small',
          stream: true,
          temperature: 0.2,
          max_tokens: 77,
          messages: [
            { role: 'system', content: 'You are terse.' },
            { role: 'user', content: 'Hi' },
          ],
        },
      },
    ]);
  });

  it('tells of the call as a step whose deltas make up the answer', async () => {
    llm.reply = () => says('One two three four five.', { chunks: 12, delayMs: 2 });
    const id = idOf(await chat('talker'));
    const [started] = await events(id, 'step.started');
    const [completed] = await events(id, 'step.completed');
    const deltas = await events(id, 'output.delta');
    const { step_id } = started!.data;
    expect(started!.data).toEqual({
      step_id: expect.stringMatching(/^step_/),
      key: 'model:1',
      effects: 'repeatable',
      attempt: 1,
      kind: 'model',
      model: 'local/small',
    });
    expect(completed!.data).toMatchObject({
      step_id,
      finish_reason: 'stop',
      usage: { input_tokens: 10, output_tokens: 5 },
    });
    expect(deltas.map(({ data }) => data['text']).join('')).toBe('One two three four five.');
    expect(deltas.map(({ data }) => [data['step_id'], data['index']])).toEqual(deltas.map((_, n) => [step_id, n]));
  });

  it('sends what was said before in the conversation', async () => {
    llm.reply = (_, index) => says(`Answer ${index}.`);
    const first = await chat('talker', 'First');
    await chat('talker', 'Second', { conversation_id: first.body['conversation_id'] });
    expect(llm.requests[1]?.body.messages).toEqual([
      { role: 'system', content: 'You are terse.' },
      { role: 'user', content: 'First' },
      { role: 'assistant', content: 'Answer 0.' },
      { role: 'user', content: 'Second' },
    ]);
  });

  describe('when the call fails', () => {
    const retryable: [string, Reply, string][] = [
      ['408', answers(408), 'provider_error'],
      ['409', answers(409), 'provider_error'],
      ['429', answers(429, { 'retry-after': '0' }), 'provider_rate_limited'],
      ['500', answers(500), 'provider_error'],
      ['503', answers(503), 'provider_error'],
      ['an answer that is cut', { kind: 'cut', text: 'Hal' }, 'provider_error'],
      ['an answer without its end', { kind: 'unfinished', text: 'Hal' }, 'provider_error'],
      ['events that are no JSON', { kind: 'garbage', body: 'data: {"id":\n\n' }, 'provider_error'],
      ['something else entirely', { kind: 'garbage', body: '<html>' }, 'provider_error'],
      ['silence in the middle', { kind: 'hang', text: 'Hal' }, 'provider_timeout'],
      ['silence from the start', { kind: 'hang', text: '' }, 'provider_timeout'],
      ['an empty answer', says(''), 'provider_error'],
    ];
    it.each(retryable)('%s is tried again, and the second attempt completes', async (_, reply, code) => {
      llm.script.push(reply);
      const answer = await chat('talker');
      expect(answer).toMatchObject({
        status: 200,
        body: { status: 'completed', attempt: 2, output: { text: 'Hello.' } },
      });
      const [failed] = await events(idOf(answer), 'step.failed');
      expect(failed?.data).toMatchObject({ model: 'local/small', error: { code, retryable: true } });
    });

    it.each([400, 401, 403, 404, 422])('%i is final', async (status) => {
      llm.reply = () => answers(status, {}, `no, not with ${KEY}`);
      const answer = await chat('talker');
      expect(answer).toMatchObject({ status: 502, body: { code: 'provider_error' } });
      expect(answer.body['detail']).toContain(`local/small answered ${status}: no, not with [key]`);
      expect(llm.requests).toHaveLength(1);
    });

    it('fails with the code when no attempt is left', async () => {
      llm.reply = () => answers(429, { 'retry-after': '0' });
      expect(await chat('talker')).toMatchObject({ status: 502, body: { code: 'provider_rate_limited' } });
      expect(llm.requests).toHaveLength(2);
    });

    it.each([
      ['seconds', '3600'],
      ['a date', new Date(Date.now() + 3_600_000).toUTCString()],
    ])('waits as long as Retry-After says, in %s', async (_, value) => {
      llm.script.push(answers(429, { 'retry-after': value }));
      const id = await gateway.submit('talker', { message: 'Hi' });
      const record = await eventually(async () => {
        const { body } = await gateway.get(`/v1/executions/${id}`);
        return body['status_detail'] === 'retrying' ? body : false;
      });
      const wait = Date.parse(String(record['next_attempt_at'])) - Date.now();
      expect(wait).toBeGreaterThan(3_000_000);
      expect(wait).toBeLessThan(3_700_000);
      await gateway.post(`/v1/executions/${id}/cancel`, {});
    });

    it('has its text dropped by output.reset when some of it was out', async () => {
      llm.script.push({ kind: 'unfinished', text: 'Hal' });
      const id = idOf(await chat('talker'));
      const [first] = await events(id, 'step.started');
      expect(await events(id, 'output.reset')).toMatchObject([{ data: { step_id: first?.data['step_id'] } }]);
    });
  });

  describe('with a fallback', () => {
    it.each([500, 429, 404, 401])('asks the other model when the first answers %i', async (status) => {
      llm.script.push(answers(status));
      const answer = await chat('careful');
      expect(answer).toMatchObject({ status: 200, body: { attempt: 1, output: { text: 'Hello.' } } });
      expect(llm.requests.map(({ body }) => body.model)).toEqual(['small', 'large']);
      expect(await events(idOf(answer), 'step.failed')).toMatchObject([{ data: { next_model: 'local/large' } }]);
    });

    it('does not, when the question was at fault', async () => {
      llm.reply = () => answers(400);
      expect(await chat('careful')).toMatchObject({ status: 502, body: { code: 'provider_error' } });
      expect(llm.requests).toHaveLength(1);
    });
  });

  describe('cancelled in the middle of an answer', () => {
    it('closes the socket to the provider', async () => {
      llm.script.push({ kind: 'hang', text: 'Hal' });
      const id = await gateway.submit('talker', { message: 'Hi' });
      await eventually(async () => (await events(id, 'output.delta')).length > 0);
      await gateway.post(`/v1/executions/${id}/cancel`, {});
      await eventually(() => llm.requests[0]?.cutByClient === true);
      const { body } = await gateway.get(`/v1/executions/${id}?wait=10`);
      expect(body['status']).toBe('cancelled');
    });
  });

  describe('what it took', () => {
    it('is in the record and in the run, with its cost when the price is known', async () => {
      llm.reply = () => says('Hello.', { usage: { input: 1_000_000, output: 100_000 } });
      const priced = await chat('priced');
      const usage = { input_tokens: 1_000_000, output_tokens: 100_000, cost_usd: 2 };
      expect(priced.body['usage']).toEqual(usage);
      const runs = await gateway.get(`/v1/executions/${idOf(priced)}/runs`);
      expect(runs.body['items']).toMatchObject([{ usage }]);
    });

    it('has no cost when the price is not known', async () => {
      expect((await chat('talker')).body['usage']).toEqual({ input_tokens: 10, output_tokens: 5 });
    });
  });

  describe('with an output_schema', () => {
    const invoke = () => gateway.post('/v1/agents/former/invoke', { input: { who: 'Ada' } });

    it('answers the value, also out of a fence', async () => {
      llm.reply = () => says('```json\n{"name":"Ada","age":36}\n```');
      expect(await invoke()).toMatchObject({ status: 200, body: { output: { name: 'Ada', age: 36 } } });
      const [{ body } = { body: undefined }] = llm.requests;
      expect(body?.messages[0]?.content).toContain('fits this JSON Schema');
      expect(body?.messages[1]).toEqual({ role: 'user', content: '{"who":"Ada"}' });
      expect(body?.['response_format']).toMatchObject({ type: 'json_object' });
    });

    it('has a value that does not fit repaired once, and counts both calls', async () => {
      llm.script.push(says('{"name":"Ada","age":"old"}'), says('{"name":"Ada","age":36}'));
      const answer = await invoke();
      expect(answer.body).toMatchObject({ output: { age: 36 }, usage: { input_tokens: 20, output_tokens: 10 } });
      expect(llm.requests[1]?.body.messages.at(-1)?.content).toContain('output.age: expected integer, got string');
      const [first] = await events(idOf(answer), 'step.started');
      expect(await events(idOf(answer), 'output.reset')).toMatchObject([{ data: { step_id: first?.data['step_id'] } }]);
    });

    it('is not asked again for what max_tokens cut off, and says so', async () => {
      llm.script.push(says('{"name":"Ad', { finish: 'length' }));
      const answer = await invoke();
      expect(answer).toMatchObject({ status: 502, body: { code: 'output_invalid' } });
      expect(answer.body['detail']).toContain('raise model.max_tokens: it cut the answer off');
      expect(llm.requests).toHaveLength(1);
    });

    it('fails with the path when the repair does not fit either', async () => {
      llm.reply = () => says('{"name":"Ada"}');
      const answer = await invoke();
      expect(answer).toMatchObject({ status: 502, body: { code: 'output_invalid' } });
      expect(answer.body['detail']).toContain('output.age: is required');
      expect(llm.requests).toHaveLength(2);
      const { body } = await gateway.get(`/v1/executions/${idOf(answer)}`);
      expect(body).toMatchObject({ usage: { input_tokens: 20, output_tokens: 10 } });
    });

    it('chats in plain text', async () => {
      expect(await chat('former')).toMatchObject({ status: 200, body: { output: { text: 'Hello.' } } });
    });
  });
});
