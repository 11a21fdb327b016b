import { connect, type Socket } from 'node:net';
import { Database } from '@longhaul/database';
import { EventFeed } from '@longhaul/executions';
import { StreamSockets } from '../../../apps/api/src/streams/stream-sockets';
import { eventually } from '../../support/eventually';
import { StreamClient } from '../../support/stream-client';
import { TestGateway } from './test-gateway';

const KEYS = `auth:
  mode: api_key
  api_keys: [{ name: ada, key: the-key-of-ada-000, owner: ada, scopes: [agents:run, executions:read] }]
server: { streams: { per_key: 2 } }
`;
const ADA = { authorization: 'Bearer the-key-of-ada-000' };
const HANDSHAKE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Their answers are more than the system's buffers hold. */
const MESSAGES = 150_000;

/** Clients that no library makes, over bare sockets. */
describe('a hostile client of the WebSocket', () => {
  let gateway: TestGateway;
  let url: URL;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    gateway = await TestGateway.start({ files: { 'gateway.yaml': KEYS }, worker: false });
    url = new URL(await gateway.listen());
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  /** Sends, remembers, and does not close its side. */
  function send(text: string) {
    const socket = connect({ port: Number(url.port), host: url.hostname, allowHalfOpen: true });
    const peer = { socket, text: '', ended: false };
    socket.on('data', (data) => (peer.text += data.toString('latin1')));
    socket.on('end', () => (peer.ended = true));
    socket.on('error', () => (peer.ended = true));
    socket.write(text);
    sockets.push(socket);
    return peer;
  }
  const get = (path: string, headers: Record<string, string> = {}) =>
    `GET ${path} HTTP/1.1\r\nhost: ${url.host}\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`;

  it('ends no process with a handshake right behind another request', async () => {
    const peer = send(get('/health/ready') + get('/v1/stream', HANDSHAKE));
    await eventually(() => peer.text.split('HTTP/1.1 ').length === 3);
    expect(peer.text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401']);
    expect((await fetch(new URL('/health/live', url))).status).toBe(200);
  });

  it('is read no faster than it reads, and misses no answer', async () => {
    const client = await StreamClient.open(url.origin, '/v1/stream', ADA);
    const [socket] = gateway.app.get(StreamSockets)['open'].keys();
    client.socket.pause();
    for (let n = 0; n < MESSAGES; n += 1) client.send('[]');
    const held = await eventually(() => (socket?.bufferedAmount ?? 0) > 64 * 1_024 && socket?.bufferedAmount);
    client.socket.resume();
    await eventually(() => client.frames.length === MESSAGES, { timeoutMs: 60_000 });
    expect(held).toBeLessThan(100_000);
    client.close();
  });

  it('is told when what it follows is deleted', async () => {
    const id = await gateway.submit('slow', { message: 'x' }, ADA);
    const client = await StreamClient.open(url.origin, '/v1/stream', ADA);
    client.send({ type: 'subscribe', execution_id: id });
    await client.next('event');
    await gateway.app.get(Database).run(`DELETE FROM executions WHERE id = '${id}'`);
    expect(await client.next('error')).toMatchObject({
      code: 'not_found',
      execution_id: id,
      message: expect.stringContaining('it was deleted') as string,
    });
    client.close();
  });

  it('is told when what it follows ends with the process', async () => {
    const id = await gateway.submit('slow', { message: 'x' }, ADA);
    const client = await StreamClient.open(url.origin, '/v1/stream', ADA);
    client.send({ type: 'subscribe', execution_id: id });
    await client.next('event');
    gateway.app.get(EventFeed).beforeApplicationShutdown();
    expect(await client.next('error')).toMatchObject({ code: 'unavailable', execution_id: id });
    client.close();
  });

  /** Last: nothing of the above may keep it. */
  it('keeps no gateway from stopping with refused handshakes that it never closes', async () => {
    const peer = send(get('/v1/stream', { ...HANDSHAKE, authorization: 'Bearer wrong' }));
    await eventually(() => peer.text.startsWith('HTTP/1.1 401'));
    await gateway.stop();
  });
});
