import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FakeLlm, says } from '../support/fake-llm';
import { freePort } from '../support/free-port';
import { MortalGateway } from '../support/mortal-gateway';

/** Each step leaves a line in a file, which is the outside world. */
const AGENT = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { defineAgent } from 'longhaul';
const here = (name) => new URL(name, import.meta.url);
const does = (line) => appendFileSync(here('done.txt'), line + '\\n');
export const Report = defineAgent({ id: 'report', executionMode: 'async' }, async ({ step, input }) => {
  const pages = await step.run('fetch', () => { does('fetch'); return ['one', 'two']; });
  const sent = await step.run('send', ({ idempotencyKey, resumed }) => {
    does('send ' + idempotencyKey);
    if (input.dies && !existsSync(here('died.txt'))) {
      writeFileSync(here('died.txt'), '');
      process.kill(process.pid, 'SIGKILL');
    }
    return { pages: pages.length, resumed };
  }, { effects: input.effects });
  return { sent };
});
`;

/** A shop that charges once for each key, and sends as often as it is told. */
class Shop {
  readonly calls: { path: string; key: string | undefined }[] = [];
  readonly charges = new Map<string, string>();
  private readonly server = createServer((request, response) => {
    request.resume().on('end', () => {
      const key = request.headers['idempotency-key'] as string | undefined;
      this.calls.push({ path: request.url ?? '', key });
      if (key !== undefined && !this.charges.has(key)) this.charges.set(key, `charge ${this.charges.size + 1}`);
      response.end(JSON.stringify(key === undefined ? { price: 10 } : { id: this.charges.get(key) }));
    });
  });

  async start(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  count = (path: string) => this.calls.filter((call) => call.path === path).length;

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe('the example of docs/steps.md', () => {
  const [, example = ''] = /```js\n([^]*?)```/.exec(readFileSync(join(__dirname, '../../docs/steps.md'), 'utf8')) ?? [];

  it('charges once and ships once, although its worker is killed after the charge and again after the parcel', async () => {
    const files = { 'gateway.yaml': 'extensions: [./order.mjs]', 'order.mjs': example };
    const gateway = new MortalGateway(files, await freePort());
    const shop = new Shop();
    const input = { shop: await shop.start(), items: ['tea', 'cup'] };
    try {
      // Steps: two prices, charge, ship. What follows the charge dies before it is recorded.
      const victim = await gateway.start({ at: { 'step.effect': { do: 'kill', nth: 3 } } });
      const { execution_id: id } = (await (await gateway.api.post('/v1/agents/order/invoke', { input })).json()) as {
        execution_id: string;
      };
      await victim.death();
      await gateway.launch({ at: { 'step.recorded': { do: 'kill', nth: 2 } } }).death();
      await gateway.start();
      expect(await gateway.api.execution(id, 30)).toMatchObject({
        status: 'completed',
        attempt: 1,
        output: { total: 20, charge: 'charge 1' },
      });
      expect([shop.count('/price'), shop.count('/charge'), shop.count('/ship'), shop.charges.size]).toEqual([
        2, 2, 1, 1,
      ]);
    } finally {
      await gateway.stop();
      shop.stop();
    }
  });
});

describe('an agent whose process is killed in the middle of its steps', () => {
  let gateway: MortalGateway;
  const files = { 'gateway.yaml': 'extensions: [./report.mjs]', 'report.mjs': AGENT };
  const done = () => readFileSync(join(gateway.workspace, 'done.txt'), 'utf8').trim().split('\n');

  beforeEach(async () => (gateway = new MortalGateway(files, await freePort())));
  afterEach(() => gateway.stop());

  async function report(input: object): Promise<string> {
    const response = await gateway.api.post('/v1/agents/report/invoke', { input });
    return ((await response.json()) as { execution_id: string }).execution_id;
  }

  it('goes on where it was: what is recorded is not done again, and the cut step has the same key for its receiver', async () => {
    const victim = await gateway.start();
    const id = await report({ dies: true, effects: 'idempotent' });
    await victim.death();
    await gateway.start();
    expect(await gateway.api.execution(id, 30)).toMatchObject({
      status: 'completed',
      attempt: 1,
      output: { sent: { pages: 2, resumed: true } },
    });
    const [fetched, ...sent] = done();
    expect([fetched, sent.length, new Set(sent).size]).toEqual(['fetch', 2, 1]);
    expect(await gateway.steps(id)).toMatchObject([
      { key: 'fetch', status: 'completed' },
      { key: 'send', status: 'completed' },
    ]);
  });

  it('does not go on over a step that is at_most_once: it fails and says what to look for', async () => {
    const victim = await gateway.start();
    const id = await report({ dies: true, effects: 'at_most_once' });
    await victim.death();
    await gateway.start();
    expect(await gateway.api.execution(id, 30)).toMatchObject({ status: 'failed', error: { code: 'effect_unknown' } });
    expect(done()).toHaveLength(2);
    expect(await gateway.steps(id)).toMatchObject([{ status: 'completed' }, { key: 'send', status: 'interrupted' }]);
  });

  it('has done a step that is at_most_once exactly once when its result was recorded', async () => {
    const victim = await gateway.start({ at: { 'step.recorded': { do: 'kill', nth: 2 } } });
    const id = await report({ effects: 'at_most_once' });
    await victim.death();
    await gateway.start();
    expect(await gateway.api.execution(id, 30)).toMatchObject({ status: 'completed', output: { sent: { pages: 2 } } });
    expect(done()).toHaveLength(2);
  });
});

describe('a model call whose worker is killed', () => {
  let gateway: MortalGateway;
  let llm: FakeLlm;

  beforeEach(async () => {
    llm = await FakeLlm.start();
    const yaml = `providers: { local: { type: openai-compatible, base_url: "${llm.url}" } }
prices: { local/small: { input: 1, output: 1 } }`;
    const agent = '---\nexecution_mode: async\nmodel: { name: local/small }\n---\nYou are terse.';
    gateway = new MortalGateway({ 'gateway.yaml': yaml, 'agents/talker/AGENT.md': agent }, await freePort());
  });
  afterEach(async () => {
    await gateway.stop();
    await llm.stop();
  });

  /** What a reader of the log holds in the end. */
  function textOf(events: { type: string; data: Record<string, unknown> }[]): string {
    return events.reduce((text, { type, data }) => {
      if (type === 'output.reset') return '';
      return type === 'output.delta' ? text + String(data['text']) : text;
    }, '');
  }

  it('after its answer was recorded is not made, and not paid, again', async () => {
    llm.reply = () => says('Hello there.', { usage: { input: 100, output: 50 } });
    const victim = await gateway.start({ at: { 'step.recorded': { do: 'kill' } } });
    const id = await gateway.api.submit('talker');
    await victim.death();
    await gateway.start();
    expect(await gateway.api.execution(id, 30)).toMatchObject({
      status: 'completed',
      attempt: 1,
      output: { text: 'Hello there.' },
      usage: { input_tokens: 100, output_tokens: 50, cost_usd: 0.00015 },
    });
    expect((await gateway.api.runs(id)).map(({ outcome }) => outcome)).toEqual(['lost', 'completed']);
    expect(llm.requests).toHaveLength(1);
    expect(textOf(await gateway.events(id))).toBe('Hello there.');
  });

  it('in the middle of the answer is made again as the same step, and the text of the first is taken back', async () => {
    llm.script.push({ kind: 'hang', text: 'Hello wor' });
    llm.reply = () => says('Hello there.');
    const victim = await gateway.start();
    const id = await gateway.api.submit('talker');
    await victim.until(async () => (await gateway.events(id)).some(({ type }) => type === 'output.delta'));
    await victim.signal('SIGKILL');
    await gateway.start();
    expect(await gateway.api.execution(id, 30)).toMatchObject({
      status: 'completed',
      output: { text: 'Hello there.' },
    });
    const events = await gateway.events(id);
    const told = events.filter(({ type }) => type.startsWith('step.') || type === 'output.reset');
    expect(told.map(({ type }) => type)).toEqual(['step.started', 'step.started', 'output.reset', 'step.completed']);
    expect(new Set(told.map(({ data }) => data['step_id'])).size).toBe(1);
    expect(textOf(events)).toBe('Hello there.');
  });
});
