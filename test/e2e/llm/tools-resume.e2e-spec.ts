import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../support/eventually';
import { callsTools, FakeLlm, type Reply, says } from '../../support/fake-llm';
import { freePort } from '../../support/free-port';
import { MortalGateway } from '../../support/mortal-gateway';

/** What the tools did to the world: each call by its path, and the keys that it came with. */
class World {
  readonly calls: { path: string; key: string }[] = [];
  private readonly server = createServer((request, response) => {
    request.resume().on('end', () => {
      this.calls.push({ path: request.url ?? '', key: String(request.headers['idempotency-key']) });
      response.end(`did ${request.url}`);
    });
  });

  async start(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  keysOf = (path: string) => this.calls.filter((call) => call.path === path).map(({ key }) => key);

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const AGENT = `---
execution_mode: async
model: { name: local/any }
tools: [look, charge, ship]
retries: { max_retries: 0 }
---
You sell.
`;
const tool = (url: string, path: string, effects: string) =>
  `---\ndescription: Does it\nkind: http\neffects: ${effects}\nhttp: { method: POST, url: "${url}${path}" }\n---\n`;

/** What the model wants in each turn; asked again, it wants the same. */
const TURNS: Reply[] = [
  callsTools([{ tool: 'look' }, { tool: 'charge' }], { text: 'I look.' }),
  callsTools([{ tool: 'ship' }]),
  says('Sold.'),
];

describe('an agent whose process is killed in the middle of its turns', () => {
  let llm: FakeLlm;
  let world: World;
  let gateway: MortalGateway;

  beforeEach(async () => {
    llm = await FakeLlm.start();
    llm.reply = ({ body }) => TURNS[body.messages.filter(({ role }) => role === 'assistant').length]!;
    world = new World();
    const url = await world.start();
    const files = {
      'agents/seller/AGENT.md': AGENT,
      'tools/look/TOOL.md': tool(url, '/look', 'repeatable'),
      'tools/charge/TOOL.md': tool(url, '/charge', 'idempotent'),
      'tools/ship/TOOL.md': tool(url, '/ship', 'at_most_once'),
    };
    gateway = new MortalGateway(files, await freePort(), {
      LONGHAUL_PROVIDERS: JSON.stringify({ local: { base_url: llm.url } }),
      LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.0/8"]',
    });
  });
  afterEach(async () => {
    await gateway.stop();
    await llm.stop();
    world.stop();
  });

  const submit = async () => {
    const response = await gateway.api.post('/v1/agents/seller/chat', { message: 'Sell it' });
    return ((await response.json()) as { execution_id: string }).execution_id;
  };

  it('goes on behind whatever is recorded: no answer is paid twice, and no effect is there twice', async () => {
    // Each dies after the first step that it records: model, siblings (one of them or both), model, ship, model.
    const dies = { at: { 'step.recorded': { do: 'kill' as const } } };
    const victim = await gateway.start(dies);
    const id = await submit();
    await victim.death();
    for (let deaths = 1; deaths < 5; deaths += 1) await gateway.launch(dies).death();
    await gateway.start();
    expect(await gateway.api.execution(id, 30)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(llm.requests).toHaveLength(3);
    expect(world.keysOf('/ship')).toHaveLength(1);
    expect(new Set(world.keysOf('/charge')).size).toBe(1);
    expect(await gateway.steps(id)).toHaveLength(6);
  });

  it('asks again what was cut, as the same step, and takes back what that had said', async () => {
    llm.script.push({ kind: 'hang', text: 'I lo' });
    const victim = await gateway.start();
    const id = await submit();
    await eventually(async () => (await gateway.events(id)).some(({ type }) => type === 'output.delta'));
    await victim.signal('SIGKILL');
    await gateway.start();
    expect(await gateway.api.execution(id, 30)).toMatchObject({ status: 'completed', output: { text: 'Sold.' } });
    expect(llm.requests).toHaveLength(4);
    const events = await gateway.events(id);
    const [first, again] = events.filter(({ data }) => data['key'] === 'model:1').map(({ data }) => data['step_id']);
    expect(again).toBe(first);
    expect(events.filter(({ type }) => type === 'output.reset')).toMatchObject([{ data: { step_id: first } }]);
  });

  it('does not go on over a tool that is at_most_once and was cut', async () => {
    // model:1, two siblings, model:2, and what follows the parcel.
    const victim = await gateway.start({ at: { 'step.effect': { do: 'kill', nth: 5 } } });
    const id = await submit();
    await victim.death();
    await gateway.start();
    expect(await gateway.api.execution(id, 30)).toMatchObject({ status: 'failed', error: { code: 'effect_unknown' } });
    expect(world.keysOf('/ship')).toHaveLength(1);
    expect(llm.requests).toHaveLength(2);
  });
});
