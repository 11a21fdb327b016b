import { connect, type Socket } from 'node:net';
import { eventually } from '../../support/eventually';
import { TestGateway } from './test-gateway';

const KEYS = `auth:
  mode: api_key
  api_keys: [{ name: ada, key: the-key-of-ada-000, owner: ada, scopes: [agents:run, executions:read] }]
server: { streams: { per_key: 2 } }
`;
const HANDSHAKE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Clients that no library makes, over bare sockets. */
describe('a hostile client of the WebSocket', () => {
  let gateway: TestGateway;
  let url: URL;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    gateway = await TestGateway.start({ files: { 'gateway.yaml': KEYS } });
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

  /** Last: nothing of the above may keep it. */
  it('keeps no gateway from stopping with refused handshakes that it never closes', async () => {
    const peer = send(get('/v1/stream', { ...HANDSHAKE, authorization: 'Bearer wrong' }));
    await eventually(() => peer.text.startsWith('HTTP/1.1 401'));
    await gateway.stop();
  });
});
