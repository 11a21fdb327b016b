import { eventually } from '../../support/eventually';
import { callsTools, FakeLlm, says } from '../../support/fake-llm';
import { HttpSink, type SinkAnswer } from '../../support/sinks/http-sink';
import { TestGateway } from '../http/test-gateway';

const RETRIES = 'retries: { max_retries: 2, delay_s: 0.01 }';
const busy = (status: number, retryAfter?: string): SinkAnswer => ({
  status,
  headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  body: 'busy',
});

describe('a tool that asks to be tried again', () => {
  let llm: FakeLlm;
  let sink: HttpSink;
  let gateway: TestGateway;
  /** What it answers first; then it is well. */
  let script: SinkAnswer[];

  beforeAll(async () => {
    llm = await FakeLlm.start();
    sink = await HttpSink.start();
    const tool = (method: string, effects: string, more = RETRIES) =>
      `---\ndescription: Does it.\nkind: http\neffects: ${effects}\n${more}\nhttp: { method: ${method}, url: "${sink.url}/" }\n---\n`;
    const agent =
      '---\nmodel: { name: local/small }\ntools: [read, put, pay, once]\nretries: { max_retries: 0 }\n---\nYou try.\n';
    gateway = await TestGateway.start({
      files: {
        'agents/trier/AGENT.md': agent,
        'tools/read/TOOL.md': tool('GET', 'repeatable'),
        'tools/put/TOOL.md': tool('PUT', 'idempotent'),
        'tools/pay/TOOL.md': tool('POST', 'at_most_once'),
        'tools/once/TOOL.md': tool('GET', 'repeatable', ''),
      },
      env: {
        LONGHAUL_PROVIDERS: JSON.stringify({ local: { base_url: llm.url } }),
        LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.0/8"]',
        LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.1',
      },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await llm.stop();
    sink.stop();
  });
  beforeEach(() => {
    sink.seen.length = 0;
    llm.requests.length = 0;
    script = [];
    sink.script = () => script.shift() ?? { body: { done: true } };
  });

  const record = async (id: string) => (await gateway.get(`/v1/executions/${id}`)).body;
  async function submit(tool: string): Promise<string> {
    llm.script.push(callsTools([{ tool }]), says('Done.'));
    return gateway.submit('trier', { message: 'Try' });
  }
  const end = (id: string) =>
    eventually(async () => {
      const body = await record(id);
      return ['completed', 'failed'].includes(String(body['status'])) && body;
    });
  const itemsOf = async (id: string, what: string) =>
    (await gateway.get(`/v1/executions/${id}/${what}`, { accept: 'application/json' })).body['items'] as {
      key: string;
      status: string;
      type: string;
      data: Record<string, unknown>;
    }[];
  const told = () => llm.requests[1]?.body.messages.findLast(({ role }) => role === 'tool')?.content;
  const keysSent = () => new Set(sink.seen.map(({ headers }) => headers['idempotency-key']));

  it.each([
    ['read', busy(503)],
    ['read', busy(429, '0')],
    ['put', busy(500)],
    ['pay', busy(429, '0')],
  ])('is, in the same step and attempt, where that is soon: %s', async (tool, answer) => {
    script = [answer];
    const id = await submit(tool);
    expect(await end(id)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(told()).toContain('"done":true');
    expect(sink.seen).toHaveLength(2);
    expect(keysSent().size).toBe(1);
    expect((await itemsOf(id, 'steps')).map(({ key }) => key)).toEqual(['model:1', 'tool:1:1', 'model:2']);
  });

  it('is waited for without a worker where that is long, and tried under the same key', async () => {
    script = [busy(503, '2')];
    const id = await submit('put');
    await eventually(async () => {
      const { status, waiting_for } = await record(id);
      return status === 'waiting' && (waiting_for as { name: string }[])[0]?.name === 'retry';
    });
    expect(sink.seen).toHaveLength(1);
    expect(await end(id)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(sink.seen).toHaveLength(2);
    expect(keysSent().size).toBe(1);
    const steps = (await itemsOf(id, 'steps')).map(({ key, status }) => `${key} ${status}`);
    expect(steps).toContain('tool:1:1:retry:1 completed');
    expect(steps).toContain('tool:1:1:2 completed');
    const ends = (await itemsOf(id, 'events')).filter(({ type }) => type === 'tool.completed');
    expect(ends.map(({ data }) => [data['is_error'], data['why']])).toEqual([
      [true, 'retry'],
      [false, undefined],
    ]);
  });

  it('is told to the model after the last try', async () => {
    script = [busy(503), busy(503), busy(503)];
    const id = await submit('read');
    expect(await end(id)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(sink.seen).toHaveLength(3);
    expect(told()).toContain('answered 503: busy (after 3 tries)');
  });

  it('is not, when it may happen once and what it says does not prove that nothing has happened', async () => {
    script = [busy(503, '0')];
    const id = await submit('pay');
    expect(await end(id)).toMatchObject({ status: 'failed', error: { code: 'effect_unknown' } });
    expect(sink.seen).toHaveLength(1);
    llm.script.length = 0;
  });

  it('ends the attempt where its file says nothing of retries', async () => {
    script = [busy(503)];
    const id = await submit('once');
    expect(await end(id)).toMatchObject({ status: 'failed', error: { code: 'outbound_failed' } });
    expect(sink.seen).toHaveLength(1);
    llm.script.length = 0;
  });
});
