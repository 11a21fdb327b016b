import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../../../../test/support/eventually';
import { Heartbeat } from './heartbeat';

const EVERY_MS = 50;

describe('the heartbeat of WebSockets', () => {
  const clients: WebSocket[] = [];
  let server: WebSocketServer;
  let heartbeat: Heartbeat;
  beforeEach(async () => {
    heartbeat = new Heartbeat(EVERY_MS);
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    await once(server, 'listening');
  });
  afterEach(() => {
    heartbeat.stop();
    for (const client of clients.splice(0)) client.terminate();
    server.close();
  });

  async function connect(options: { autoPong: boolean }): Promise<{ client: WebSocket; socket: WebSocket }> {
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new WebSocket(url, options);
    clients.push(client);
    const [[socket]] = (await Promise.all([once(server, 'connection'), once(client, 'open')])) as [
      [WebSocket],
      unknown,
    ];
    return { client, socket };
  }

  it('cuts a peer that does not answer, and none that does', async () => {
    const [living, dead] = [await connect({ autoPong: true }), await connect({ autoPong: false })];
    let pings = 0;
    living.client.on('ping', () => (pings += 1));
    for (const { socket } of [living, dead]) heartbeat.watch(socket, () => 0);
    await eventually(() => dead.client.readyState === WebSocket.CLOSED);
    const seen = pings;
    await eventually(() => pings > seen + 3);
    expect(living.client.readyState).toBe(WebSocket.OPEN);
  });

  it('cuts a peer that says it is alive without having been asked', async () => {
    const { client, socket } = await connect({ autoPong: false });
    const pongs = setInterval(() => client.readyState === WebSocket.OPEN && client.pong('alive'), EVERY_MS / 10);
    heartbeat.watch(socket, () => 0);
    await eventually(() => client.readyState === WebSocket.CLOSED).finally(() => clearInterval(pongs));
  });

  it('lets one live whose answer waits behind what it takes slowly, and cuts it when it takes nothing more', async () => {
    const { client, socket } = await connect({ autoPong: false });
    client.pause();
    let taken = 0;
    let sending = true;
    const fill = () => {
      for (let n = 0; n < 100; n += 1) socket.send('x'.repeat(100_000), () => (taken += 1));
    };
    fill();
    await eventually(() => socket.bufferedAmount > 0);
    let beats = 0;
    heartbeat.watch(socket, () => {
      beats += 1;
      // From one beat to the next it takes some, and never all.
      if (sending) taken += 1;
      return taken;
    });
    await eventually(() => beats > 5);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    sending = false;
    await eventually(() => socket.readyState === WebSocket.CLOSED);
  });
});
