import { answers, FakeLlm, says } from '../../support/fake-llm';
import { TestGateway } from '../http/test-gateway';

const agent = (frontMatter: string) => `---\nexecution_mode: async\n${frontMatter}\n---\nYou are terse.\n`;
const files = {
  'agents/one/AGENT.md': agent('model: { name: mock/any }\nretries: { max_retries: 0 }'),
  'agents/two/AGENT.md': agent(
    'model: { name: mock/first, fallback: mock/second }\nretries: { max_retries: 2, backoff: fixed, delay_s: 0 }',
  ),
};

describe('a model agent, at its edges', () => {
  let llm: FakeLlm;
  let gateway: TestGateway;
  beforeAll(async () => {
    llm = await FakeLlm.start();
    gateway = await TestGateway.start({
      files,
      env: {
        LONGHAUL_PROVIDERS: JSON.stringify({ mock: { base_url: llm.url } }),
        LONGHAUL_PRICES: JSON.stringify({ 'mock/any': { input: 1_000_000, output: 1_000_000 } }),
        LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.1',
      },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await llm.stop();
  });

  const ended = async (id: string) => (await gateway.get(`/v1/executions/${id}?wait=20`)).body;

  it.each([
    ['withheld by a filter', says('Ha', { finish: 'content_filter', usage: { input: 7, output: 3 } })],
    ['empty', says('', { usage: { input: 7, output: 3 } })],
    ['eaten up by max_tokens', says('', { finish: 'length', usage: { input: 7, output: 3 } })],
  ])('counts the tokens of an answer that was %s: they are billed', async (_, reply) => {
    llm.script.push(reply);
    const body = await ended(await gateway.submit('one', { message: 'Hi' }));
    expect(body).toMatchObject({ status: 'failed', usage: { input_tokens: 7, output_tokens: 3, cost_usd: 10 } });
  });

  it('claims no tokens and no cost when the provider told none', async () => {
    llm.script.push({
      kind: 'garbage',
      body:
        'data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}\n\n' +
        'data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    });
    const body = await ended(await gateway.submit('one', { message: 'Hi' }));
    expect(body).toMatchObject({ status: 'completed', output: { text: 'Hi' } });
    expect(body).not.toHaveProperty('usage');
  });

  it('tries again when the first model was only full, although the fallback refused for good', async () => {
    llm.reply = ({ body: { model } }, index) =>
      model === 'second' ? answers(401) : index > before + 1 ? says('At last.') : answers(429, { 'retry-after': '0' });
    const before = llm.requests.length;
    const body = await ended(await gateway.submit('two', { message: 'Hi' }));
    llm.reply = () => says('Hello.');
    expect(body).toMatchObject({ status: 'completed', output: { text: 'At last.' } });
  });

  it("sends an invoke's input as JSON, also when it looks like a chat", async () => {
    const { body } = await gateway.post(
      '/v1/agents/one/invoke',
      { input: { message: 'x', n: 1 } },
      { prefer: 'respond-async' },
    );
    await ended(String(body['execution_id']));
    expect(llm.requests.at(-1)?.body.messages.at(-1)?.content).toBe('{"message":"x","n":1}');
  });
});
