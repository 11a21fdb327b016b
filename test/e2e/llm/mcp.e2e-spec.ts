import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable, Module } from '@nestjs/common';
import { Tool } from '@longhaul/tools';
import { eventually } from '../../support/eventually';
import { callsTools, FakeLlm, says } from '../../support/fake-llm';
import { HttpMcpServer } from '../../support/mcp/http-server';
import { TestGateway } from '../http/test-gateway';

const agent = (more: string) => `---
execution_mode: sync
model: { name: local/small }
retries: { max_retries: 20, delay_s: 0.05, backoff: fixed }
${more}
---
You help.
`;

@Injectable()
class Tools {
  @Tool({ description: 'The diary.', effects: 'repeatable', tags: ['reads_private'] })
  diary(): string {
    return 'dear diary';
  }
}
@Module({ providers: [Tools] })
class ToolsOfTest {}

describe('an agent with MCP servers and skills', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-mcp-'));
  const ledger = join(folder, 'ledger');
  let llm: FakeLlm;
  let late: HttpMcpServer;
  let gateway: TestGateway;

  beforeAll(async () => {
    llm = await FakeLlm.start();
    late = await new HttpMcpServer().start();
    await late.kill();
    const script = join(__dirname, '../../support/mcp/stdio-server.ts');
    gateway = await TestGateway.start({
      modules: [ToolsOfTest],
      files: {
        'agents/helper/AGENT.md': agent('mcp_servers: [bench]'),
        'agents/skilled/AGENT.md': agent('skills: [sums]'),
        'agents/waiting/AGENT.md': agent('mcp_servers: [late]'),
        'agents/keeper/AGENT.md': agent('tools: [diary]\nmcp_servers: [bench]'),
        'skills/sums/SKILL.md': '---\ntools: [bench__add]\n---\nAdd, never guess.',
      },
      env: {
        LONGHAUL_PROVIDERS: JSON.stringify({ local: { base_url: llm.url } }),
        LONGHAUL_MCP_SERVERS: JSON.stringify({
          bench: { command: [process.execPath, script, ledger], tools: ['echo', 'add', 'remember', 'fail', 'protest'] },
          late: { url: late.url },
        }),
        LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.1',
      },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await Promise.all([llm.stop(), late.kill()]);
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    llm.requests.length = 0;
    llm.script.length = 0;
    llm.reply = () => says('Done.');
  });

  const chat = (id: string) => gateway.post(`/v1/agents/${id}/chat`, { message: 'Hi' });
  const offered = () =>
    (llm.requests[0]!.body['tools'] as { function: { name: string } }[]).map((tool) => tool.function.name);
  const told = () =>
    llm.requests
      .at(-1)!
      .body.messages.filter(({ role }) => role === 'tool')
      .map(({ content }) => content);

  it('has their tools called as steps, and the model told of them', async () => {
    llm.script.push(
      callsTools([
        { tool: 'bench__remember', arguments: { what: 'this' } },
        { tool: 'bench__fail', arguments: {} },
        { tool: 'bench__add', arguments: { a: 'one', b: 2 } },
        { tool: 'bench__hang', arguments: {} },
      ]),
    );
    const answer = await chat('helper');
    expect(answer).toMatchObject({ status: 200, body: { output: { text: 'Done.' } } });
    expect(offered()).toEqual(['bench__echo', 'bench__add', 'bench__remember', 'bench__fail', 'bench__protest']);
    expect(told()).toEqual([
      expect.stringContaining('<tool_output>\nnoted\n</tool_output>'),
      expect.stringContaining('the desk is closed'),
      expect.stringContaining('arguments.a: expected number, got string'),
      expect.stringContaining('unknown tool "bench__hang"'),
    ]);
    const { body } = await gateway.get(`/v1/executions/${String(answer.body['execution_id'])}/steps`);
    expect(body['items']).toContainEqual(expect.objectContaining({ key: 'tool:1:1', effects: 'at_most_once' }));
    expect(readFileSync(ledger, 'utf8')).toMatch(/^remember this \S+\n$/);
  });

  it('has the tools and the instructions of its skills, and no others', async () => {
    llm.script.push(callsTools([{ tool: 'bench__add', arguments: { a: 1, b: 2 } }]));
    await chat('skilled');
    expect(offered()).toEqual(['bench__add']);
    expect(told()).toEqual([expect.stringContaining('{"sum":3}')]);
    expect(llm.requests[0]?.body.messages[0]?.content).toMatch(
      /^You help\.\n\n<skill name="sums">\nAdd, never guess\.\n<\/skill>\n\n/,
    );
  });

  it('needs a person where their tools could carry out what is private', async () => {
    const before = readFileSync(ledger, 'utf8');
    llm.script.push(callsTools([{ tool: 'diary' }, { tool: 'bench__remember', arguments: { what: 'dear diary' } }]));
    const id = await gateway.submit('keeper', { message: 'Hi' });
    const approval = await eventually(async () => {
      const { body } = await gateway.get(`/v1/approvals?state=pending&execution_id=${id}`);
      return (body['items'] as { approval_id: string; subject: string; arguments: object }[])[0] ?? false;
    });
    expect(approval).toMatchObject({ subject: 'bench__remember', arguments: { what: 'dear diary' } });
    await gateway.post(`/v1/approvals/${approval.approval_id}/decision`, { decision: 'reject', feedback: 'No.' });
    const { body } = await gateway.get(`/v1/executions/${id}?wait=30`);
    expect(body).toMatchObject({ status: 'completed', output: { text: 'Done.' } });
    expect(told()[1]).toBe(
      'bench__remember was not called. A person has rejected it. They say: No. Go on without it, or ask for something else.',
    );
    expect(readFileSync(ledger, 'utf8')).toBe(before);
  });

  it('waits, attempt by attempt, for a server that is not there yet', async () => {
    const answering = chat('waiting');
    await eventually(async () => {
      const { body } = await gateway.get('/v1/executions?agent=waiting');
      const [record] = body['items'] as { attempt: number }[];
      return (record?.attempt ?? 0) > 1;
    });
    await late.start();
    expect(await answering).toMatchObject({ status: 200, body: { output: { text: 'Done.' } } });
    expect(offered()).toContain('late__echo');
  });

  it('is shown with them', async () => {
    const { body } = await gateway.get('/v1/agents/helper');
    expect(body).toMatchObject({ mcp_servers: ['bench'] });
  });
});
