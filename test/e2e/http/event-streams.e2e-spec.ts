import { Agent, type AgentHandler } from '@longhaul/agents';
import { Database } from '@longhaul/database';
import { SseReader } from '../../support/sse-reader';
import { eventually } from '../../support/eventually';
import { StreamClient } from '../../support/stream-client';
import { TestGateway } from './test-gateway';

const LONG = { message: 'Hello', context: { demo: { sleep_ms: 600_000 } } };
const KEYS = `auth:
  mode: api_key
  api_keys:
    - { name: ada, key: the-key-of-ada-000, owner: ada, scopes: [agents:run, executions:read] }
    - { name: bob, key: the-key-of-bob-000, owner: bob, scopes: [agents:run, executions:read] }
server: { streams: { per_key: 2, max: 3 } }
`;
const as = (name: string) => ({ authorization: `Bearer the-key-of-${name}-000` });
const range = (to: number) => Array.from({ length: to }, (_, index) => index);

/** Says more at its end than any socket takes by itself. */
@Agent({ id: 'talkative' })
class TalkativeAgent implements AgentHandler {
  run() {
    return Promise.resolve('x'.repeat(8_000_000));
  }
}

describe('an event stream', () => {
  let gateway: TestGateway;
  let url: string;
  const open: SseReader[] = [];

  async function start(...options: Parameters<typeof TestGateway.start>): Promise<void> {
    gateway = await TestGateway.start(...options);
    url = await gateway.listen();
  }
  async function follow(id: string, headers: Record<string, string> = {}, query = ''): Promise<SseReader> {
    const reader = await SseReader.open(`${url}/v1/executions/${id}/events${query}`, headers);
    open.push(reader);
    return reader;
  }
  afterEach(async () => {
    for (const reader of open.splice(0)) reader.close();
    await gateway.stop();
  });

  it('of an execution whose events are not kept any more says so, in each form, and the record stays', async () => {
    await start();
    const id = await gateway.submit('slow', { message: 'Hello' });
    const record = async () => (await gateway.ask({ method: 'GET', url: `/v1/executions/${id}` })).body;
    await eventually(async () => (await record())['status'] === 'completed');
    await gateway.app.get(Database).run(`DELETE FROM events WHERE execution_id = '${id}'`);
    for (const query of ['', '?follow=false', '?after=0']) {
      const stream = await follow(id, {}, query);
      await eventually(() => stream.outcome === 'end');
      expect([stream.status, JSON.parse(stream.text)]).toMatchObject([410, { code: 'events_deleted' }]);
    }
    const client = await StreamClient.open(url, '/v1/stream');
    client.send({ type: 'subscribe', execution_id: id });
    expect(await client.next('error')).toMatchObject({ code: 'events_deleted', execution_id: id });
    client.close();
    expect(await record()).toMatchObject({ status: 'completed' });
  });

  it('is live, says when to come back before anything else, and ends with the terminal event', async () => {
    await start();
    const id = await gateway.submit('slow', { message: 'Hello', context: { demo: { sleep_ms: 200 } } });
    const reader = await follow(id);
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    await eventually(() => reader.outcome === 'end');
    expect(reader.frames[0]).toBe('retry: 2000');
    expect(reader.seqs).toEqual(range(reader.seqs.length));
    expect(reader.frames.at(-1)).toMatch(/\nevent: execution\.completed\ndata: \{/);
    const again = await follow(id, { 'last-event-id': String(reader.seqs.at(-1)) });
    expect([again.status, again.text]).toEqual([204, '']);
  });

  it('says that it is alive while there is no news', async () => {
    await start({ env: { LONGHAUL_SERVER__STREAMS__HEARTBEAT_S: '0.1' } });
    const reader = await follow(await gateway.submit('slow', LONG));
    await eventually(() => reader.frames.filter((frame) => frame === ':').length >= 2);
    expect(reader.outcome).toBe('open');
  });

  it('ends with the word to come back soon when the process stops', async () => {
    await start();
    const id = await gateway.submit('slow', LONG);
    const readers = await Promise.all([follow(id), follow(id), follow(id, {}, '?after=0')]);
    await eventually(() => readers.every(({ seqs }) => seqs.includes(1)));
    await gateway.stop();
    await eventually(() => readers.every(({ outcome }) => outcome === 'end'));
    for (const reader of readers) {
      expect(reader.frames.at(-1)).toMatch(/^retry: \d{3,4}\n: this process closes the stream; come back with/);
    }
  });

  it('does not keep a process from stopping by a reader that takes nothing', async () => {
    await start({ agents: [TalkativeAgent] });
    const id = await gateway.submit('talkative', { message: 'x' });
    await gateway.get(`/v1/executions/${id}?wait=20`);
    const reader = await follow(id);
    reader.pause();
    await gateway.stop();
    reader.resume();
    await eventually(() => reader.outcome === 'cut');
    expect(reader.text.length).toBeLessThan(8_000_000);
  });

  it('is not opened by a HEAD request', async () => {
    await start({ env: { LONGHAUL_SERVER__STREAMS__MAX: '1' } });
    const id = await gateway.submit('slow', LONG);
    for (let n = 0; n < 3; n += 1) {
      const response = await fetch(`${url}/v1/executions/${id}/events`, { method: 'HEAD' });
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        'text/event-stream; charset=utf-8',
      ]);
    }
    await eventually(async () => (await follow(id)).status === 200);
  });

  it('is refused above the places of the key, and above those of the process; each is given back', async () => {
    await start({ files: { 'gateway.yaml': KEYS }, worker: false });
    const [adas, bobs] = [await gateway.submit('slow', LONG, as('ada')), await gateway.submit('slow', LONG, as('bob'))];
    const readers = [await follow(adas, as('ada')), await follow(adas, as('ada'))];
    const third = await follow(adas, as('ada'));
    await eventually(() => third.outcome === 'end');
    expect([third.status, third.response.headers['retry-after']]).toEqual([429, '5']);
    expect(JSON.parse(third.text)).toMatchObject({
      code: 'too_many_streams',
      detail: expect.stringMatching(/^2 streams of this key's owner are open \(server\.streams\.per_key\)/),
    });
    await follow(bobs, as('bob'));
    const fourth = await follow(bobs, as('bob'));
    await eventually(() => fourth.outcome === 'end');
    expect(fourth.text).toMatch('3 streams are open in this process (server.streams.max)');
    readers[0]?.close();
    await eventually(async () => (await follow(bobs, as('bob'))).status === 200);
  });

  it('is nobody else’s', async () => {
    await start({ files: { 'gateway.yaml': KEYS }, worker: false });
    const id = await gateway.submit('slow', LONG, as('ada'));
    expect((await follow(id, as('bob'))).status).toBe(404);
    expect((await follow(id)).status).toBe(401);
  });
});
