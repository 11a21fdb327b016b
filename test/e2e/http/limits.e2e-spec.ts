import { FakeLlm, says } from '../../support/fake-llm';
import { eventually } from '../../support/eventually';
import { processesOfGroup } from '../../support/process-groups';
import { TestGateway } from './test-gateway';

const agent = (front: string) => `---\nexecution_mode: sync\n${front}\n---\nYou are terse.\n`;
const retries = 'retries: { max_retries: 1, backoff: fixed, delay_s: 0 }';
const command = "command: { argv: [/bin/sh, -c, 'echo group $$; sleep 300'], kill_grace_s: 0.2 }\nruntime: command";

const FILES = {
  'agents/soft/AGENT.md': agent(`${command}\nlimits: { soft_timeout_s: 2 }\n${retries}`),
  'agents/silent/AGENT.md': agent(`${command}\nlimits: { idle_timeout_s: 2 }\n${retries}`),
  'agents/late/AGENT.md': agent(`${command}\nlimits: { deadline_s: 2 }\n${retries}`),
  'agents/thinker/AGENT.md': agent(`model: { name: local/small }\nlimits: { soft_timeout_s: 2 }\n${retries}`),
  'agents/warm/AGENT.md': agent('model: { name: local/small }'),
};

describe('the limits of an agent', () => {
  let llm: FakeLlm;
  let gateway: TestGateway;

  beforeAll(async () => {
    llm = await FakeLlm.start();
    const local = { base_url: llm.url, api_key: 'sk-test' };
    gateway = await TestGateway.start({ files: FILES, env: { LONGHAUL_PROVIDERS: JSON.stringify({ local }) } });
  });
  afterAll(async () => {
    await gateway.stop();
    await llm.stop();
  });

  const chat = (id: string, more: object = {}, headers: Record<string, string> = {}) =>
    gateway.post(`/v1/agents/${id}/chat`, { message: 'Hi', ...more }, headers);
  const read = async (url: string) => (await gateway.get(url, { accept: 'application/json' })).body;

  async function groupsOf(id: string): Promise<number[]> {
    const { items } = (await read(`/v1/executions/${id}/events?limit=1000`)) as {
      items: { data: { text?: string } }[];
    };
    return items.flatMap(({ data }) =>
      [...(data.text ?? '').matchAll(/group (\d+)/g)].map(([, group]) => Number(group)),
    );
  }

  it.each([
    ['soft', 'soft_timeout', 2],
    ['silent', 'idle_timeout', 2],
    ['late', 'deadline_exceeded', 1],
  ])('kills the command of agent %s, and answers 504 %s after so many attempts: %d', async (id, code, attempts) => {
    const { status, body } = await chat(id);
    expect({ status, code: body['code'] }).toEqual({ status: 504, code });
    const executionId = String(body['execution_id']);
    const record = await read(`/v1/executions/${executionId}`);
    expect(record).toMatchObject({ status: 'failed', attempt: attempts, error: { code } });
    expect(Date.parse(String(record['deadline_at']))).toBeGreaterThan(Date.parse(String(record['created_at'])));
    const groups = await groupsOf(executionId);
    expect(groups.length).toBeGreaterThan(0);
    await eventually(() => groups.every((group) => processesOfGroup(group).length === 0));
  });

  it('closes the call to the model at the soft limit, and asks anew', async () => {
    // The provider's package is loaded by the first call.
    expect(await chat('warm')).toMatchObject({ status: 200 });
    llm.requests.length = 0;
    llm.script.push({ kind: 'hang', text: 'I think' });
    llm.reply = () => says('Done.');
    expect(await chat('thinker')).toMatchObject({ status: 200, body: { output: { text: 'Done.' }, attempt: 2 } });
    await eventually(() => llm.requests[0]?.cutByClient);
  });

  it('count the deadline from the end of a delay', async () => {
    const { body } = await chat('late', { delay_s: 3600 }, { prefer: 'respond-async' });
    const { created_at, deadline_at } = await read(`/v1/executions/${String(body['execution_id'])}`);
    expect(Date.parse(String(deadline_at)) - Date.parse(String(created_at))).toBe(3_602_000);
    await gateway.post(`/v1/executions/${String(body['execution_id'])}/cancel`, {});
  });

  it('are in the catalogue', async () => {
    const limits = { timeout_s: 3600, deadline_s: 604_800, idle_timeout_s: 1800 };
    expect(await read('/v1/agents/soft')).toMatchObject({ limits: { ...limits, soft_timeout_s: 2 } });
    expect(await read('/v1/agents/late')).toMatchObject({ limits: { ...limits, deadline_s: 2 } });
  });
});
