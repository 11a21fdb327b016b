import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { eventually } from '../../../../test/support/eventually';
import { acceptUpgrades, upgradeOf } from './accept-upgrades';

const HOST = 'host: x\r\n';
const UPGRADE = `GET /v1/stream HTTP/1.1\r\n${HOST}connection: Upgrade\r\nupgrade: websocket\r\n\r\n`;
const ORDINARY = `GET /slow HTTP/1.1\r\n${HOST}\r\n`;
const DECIDE_MS = 60;

describe('requests for a WebSocket', () => {
  let instance: FastifyInstance;
  let other: Server;
  const peers: Socket[] = [];
  let letGo: (() => void) | undefined;

  async function start(decideMs?: number, route: () => unknown = () => ({ refused: true })): Promise<void> {
    instance = Fastify();
    acceptUpgrades(instance, () => true, decideMs);
    instance.get('/v1/stream', (request, reply) =>
      upgradeOf(request.raw) ? route() : reply.code(426).send({ ordinary: true }),
    );
    instance.get('/slow', () => new Promise((resolve) => (letGo = () => resolve({ slow: true }))));
    await instance.listen({ port: 0, host: '127.0.0.1' });
    // As Fastify does it for the second address of "localhost".
    other = createServer((request, response) => instance.routing(request, response));
    other.on('upgrade', (...args: unknown[]) => instance.server.emit('upgrade', ...args));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  }
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.destroy();
    other.close();
    await instance.close();
  });

  /** One who never closes its side. */
  function send(text: string, server: Server = instance.server) {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(text));
    const peer = { socket, text: '', ended: false };
    socket.on('data', (data) => (peer.text += data.toString()));
    socket.on('error', () => (peer.ended = true));
    socket.on('end', () => (peer.ended = true));
    peers.push(socket);
    return peer;
  }
  const connections = () => new Promise<number>((resolve) => instance.server.getConnections((_, n) => resolve(n)));

  it('is an ordinary request behind one whose answer is not out yet', async () => {
    await start();
    const peer = send(ORDINARY + UPGRADE);
    (await eventually(() => letGo ?? false))();
    await eventually(() => /\{"slow":true\}.*426 Upgrade Required.*\{"ordinary":true\}/s.test(peer.text));
  });

  it('costs the connection, and nothing else, where that cannot be told in time', async () => {
    await start();
    const peer = send(ORDINARY + UPGRADE, other);
    await eventually(() => peer.ended);
    expect(peer.text).toBe('');
    const next = send(UPGRADE, other);
    await eventually(() => next.text.includes('{"refused":true}'));
  });

  it('lets go of a refused one, although its peer does not', async () => {
    await start();
    const peer = send(UPGRADE);
    await eventually(() => peer.ended);
    expect(peer.text).toContain('{"refused":true}');
    await eventually(async () => (await connections()) === 0);
  });

  it('cuts one that nobody answers', async () => {
    await start(DECIDE_MS, () => new Promise(() => undefined));
    const peer = send(UPGRADE);
    await eventually(() => peer.ended);
    await eventually(async () => (await connections()) === 0);
  });

  it('cuts one that nobody has answered when the server closes', async () => {
    let asked = false;
    await start(undefined, () => new Promise(() => (asked = true)));
    const peer = send(UPGRADE);
    await eventually(() => asked);
    await instance.close();
    await eventually(() => peer.ended);
  });
});
