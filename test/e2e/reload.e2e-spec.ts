import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { ApiClient } from '../support/api-client';
import { freePort } from '../support/free-port';
import { GatewayProcess } from '../support/gateway-process';

const agent = (text: string, front = 'execution_mode: async') => `---\n${front}\n---\n${text}\n`;

describe('longhaul serve --watch', () => {
  let workspace: string;
  let gateway: GatewayProcess;
  let api: ApiClient;
  const write = (path: string, content: string) => writeFileSync(join(workspace, path), content);
  const json = async (path: string) =>
    (await fetch(`${gateway.url}${path}`)).json() as Promise<Record<string, unknown>>;

  beforeAll(async () => {
    workspace = makeWorkspace({
      'agents/teller/AGENT.md': agent('I am the first.'),
      'agents/typed/AGENT.md': agent('x', 'input_schema: { properties: { a: {} } }'),
    });
    const port = await freePort();
    const args = ['--workspace', workspace, '--port', String(port), '--watch'];
    gateway = new GatewayProcess(args, { LONGHAUL_QUEUE__BACKEND: 'memory' }, `http://127.0.0.1:${port}`);
    await gateway.ready();
    api = new ApiClient(gateway.url);
  });
  afterAll(() => gateway.signal('SIGKILL'));

  const answer = async (id: string) => {
    const { output } = await api.execution(id, 20);
    return (output as { text: string }).text;
  };

  it('runs what is submitted by the new definition, and what runs already by the one that it began with', async () => {
    const before = await api.submit('teller', { context: { demo: { sleep_ms: 4_000 } } });
    await gateway.until(async () => (await api.execution(before)).status === 'running');
    write('agents/teller/AGENT.md', agent('I am the second.', 'execution_mode: async\ndescription: Newer'));
    await gateway.until(async () => (await json('/v1/agents/teller'))['description'] === 'Newer');
    const after = await api.submit('teller', { context: { demo: { sleep_ms: 0 } } });
    expect(await answer(after)).toContain('I am the second.');
    expect(await answer(before)).toContain('I am the first.');
  });

  it('goes on with the last good definition of an agent that does not load, and says so', async () => {
    write('agents/teller/AGENT.md', '---\nexecution_mode: asynch\n---\nx');
    await gateway.until(async () => (await json('/health/ready'))['status'] === 'degraded');
    expect(await json('/health/ready')).toMatchObject({
      details: { agents: { status: 'degraded', loaded: 2, problems: ['agents/teller/AGENT.md:2'] } },
    });
    const id = await api.submit('teller', { context: { demo: { sleep_ms: 0 } } });
    expect(await answer(id)).toContain('I am the second.');
    expect(gateway.log).toContain('agents that do not load go on as they were: teller');
    write('agents/teller/AGENT.md', agent('I am the third.'));
    await gateway.until(async () => (await json('/health/ready'))['status'] === 'ok');
  });

  it('documents the agents as they are now', async () => {
    const inputOf = async () => JSON.stringify(await json('/openapi.json'));
    expect(await inputOf()).toContain('"invoke_typed_input":{"properties":{"a":{}}}');
    write('agents/typed/AGENT.md', agent('x', 'input_schema: { properties: { b: {} } }'));
    await gateway.until(async () => (await inputOf()).includes('"invoke_typed_input":{"properties":{"b":{}}}'));
  });
});
