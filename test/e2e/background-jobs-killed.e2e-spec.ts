import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Failpoint } from '@longhaul/kernel';
import { eventually } from '../support/eventually';
import { callsTools, FakeLlm, says } from '../support/fake-llm';
import { freePort } from '../support/free-port';
import { MortalGateway } from '../support/mortal-gateway';

/** Where the process dies: at the nth passing, over the turn, its job, and the turn that the job's end begins. */
const POINTS: [Failpoint, number][] = [
  // The job is accepted, and the step that has started it is not recorded.
  ['api.submitted', 2],
  ['worker.ending', 2],
  ['worker.claimed', 3],
];

describe('a job in the background, whose process is killed', () => {
  let llm: FakeLlm;
  let gateway: MortalGateway;
  let server: Server;
  const keys: string[] = [];

  beforeEach(async () => {
    keys.length = 0;
    server = createServer((request, response) => {
      keys.push(String(request.headers['idempotency-key']));
      response.end('a picture');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    llm = await FakeLlm.start();
    llm.reply = ({ body }) => {
      const last = body.messages.at(-1);
      if (last?.content === 'Draw')
        return callsTools([{ tool: 'start_job', arguments: { tool: 'render', arguments: {} } }]);
      return says(last?.role === 'tool' ? 'Started.' : 'It is there.');
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/render`;
    gateway = new MortalGateway(
      {
        'agents/artist/AGENT.md':
          '---\nexecution_mode: async\nmodel: { name: local/any }\ntools: [render]\nretries: { max_retries: 0 }\n---\nYou draw.\n',
        'tools/render/TOOL.md':
          '---\ndescription: Renders\nkind: http\neffects: idempotent\nqueue: gpu\nbackground: true\n' +
          `http: { method: POST, url: "${url}" }\n---\n`,
      },
      await freePort(),
      {
        LONGHAUL_PROVIDERS: JSON.stringify({ local: { base_url: llm.url } }),
        LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.0/8"]',
      },
    );
  });
  afterEach(async () => {
    await gateway.stop();
    await llm.stop();
    server.close();
    server.closeAllConnections();
  });

  it.each(POINTS)('at %s (%i), is there once, and comes back once', async (point, nth) => {
    const victim = await gateway.start({ at: { [point]: { do: 'kill', nth } } });
    const response = await gateway.api.post('/v1/agents/artist/chat', { message: 'Draw' });
    const { conversation_id: id } = (await response.json()) as { conversation_id: string };
    await victim.death();
    await gateway.start();
    const said = () => gateway.api.get<{ items: { role: string; text: string }[] }>(`/v1/conversations/${id}/messages`);
    const { items } = await eventually(async () => {
      const messages = await said();
      return messages.items.length === 4 && messages;
    });
    expect(items.map(({ text }) => text.split('\n')[0])).toEqual([
      'Draw',
      'Started.',
      expect.stringMatching(/^The job exec_\w+ \(tool render\) has completed\.$/),
      'It is there.',
    ]);
    const all = await gateway.api.get<{ items: { agent: string; status: string; attempt: number }[] }>(
      '/v1/executions',
    );
    expect(all.items.map(({ agent, status, attempt }) => `${agent} ${status} ${attempt}`)).toEqual([
      'artist completed 1',
      'tool:render completed 1',
      'artist completed 1',
    ]);
    expect(new Set(keys).size).toBe(1);
  });
});
