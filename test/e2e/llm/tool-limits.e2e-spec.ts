import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../support/eventually';
import { callsTools, FakeLlm, says } from '../../support/fake-llm';
import { TestGateway } from '../http/test-gateway';

const AGENT =
  '---\nmodel: { name: local/small }\ntools: [page]\nretries: { max_retries: 1, delay_s: 0 }\n---\nYou read.\n';
const toolOf = (url: string, keys: string) =>
  `---\ndescription: Reads a page.\nkind: http\n${keys}\nhttp: { url: "${url}/{{args.page}}" }\n` +
  'parameters: { type: object, required: [page], properties: { page: { type: string } } }\n---\n';

describe('a tool that may be called so often', () => {
  let llm: FakeLlm;
  let gateway: TestGateway;
  let server: Server;
  const asked: string[] = [];

  async function start(keys: string): Promise<void> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    gateway = await TestGateway.start({
      files: { 'agents/reader/AGENT.md': AGENT, 'tools/page/TOOL.md': toolOf(url, keys) },
      env: {
        LONGHAUL_PROVIDERS: JSON.stringify({ local: { base_url: llm.url } }),
        LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.0/8"]',
        LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.1',
      },
    });
  }
  beforeEach(async () => {
    asked.length = 0;
    llm = await FakeLlm.start();
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(`page ${request.url}`);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    await gateway.stop();
    await llm.stop();
    server.closeAllConnections();
    server.close();
  });

  const record = async (id: string) => (await gateway.get(`/v1/executions/${id}`)).body;
  const ended = (id: string) =>
    eventually(async () => {
      const body = await record(id);
      return ['completed', 'failed'].includes(String(body['status'])) && body;
    });
  const reads = (...pages: string[]) => callsTools(pages.map((page) => ({ tool: 'page', arguments: { page } })));

  it('is waited for without a worker, and then called: nothing fails and no attempt is spent', async () => {
    await start('rate_limit: 2/2s');
    llm.script.push(reads('a', 'b', 'c', 'd', 'e'), says('Read.'));
    const id = await gateway.submit('reader', { message: 'Read' });
    const details = new Set<unknown>();
    await eventually(async () => {
      const body = await record(id);
      details.add(body['status_detail']);
      return body['status'] === 'completed';
    });
    expect(await record(id)).toMatchObject({ status: 'completed', attempt: 1, output: { text: 'Read.' } });
    expect(details).toContain('waiting_quota');
    expect(asked.toSorted()).toEqual(['/a', '/b', '/c', '/d', '/e']);
    expect(llm.requests).toHaveLength(2);
    const told = llm.requests[1]?.body.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    expect(told?.map((text) => /page \/(\w)/.exec(text)?.[1])).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is not called again by the next attempt for what was called after a wait', async () => {
    await start('rate_limit: 1/2s\neffects: at_most_once');
    llm.script.push(reads('a', 'b'), { kind: 'unfinished', text: 'Re' }, says('Read.'));
    const id = await gateway.submit('reader', { message: 'Read' });
    expect(await ended(id)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(asked.toSorted()).toEqual(['/a', '/b']);
    expect(llm.requests).toHaveLength(3);
  });

  it('gives what it answered before, for as long as it says, and that costs no call', async () => {
    await start('rate_limit: 1/d\ncache_ttl_s: 60');
    for (const _ of [1, 2]) {
      llm.script.push(reads('a'), says('Read.'));
      const id = await gateway.submit('reader', { message: 'Read' });
      expect(await ended(id)).toMatchObject({ status: 'completed' });
    }
    expect(asked).toEqual(['/a']);
  });
});
