import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../../../../test/support/eventually';
import { Outbox } from './outbox';

const FRAME = { type: 'error', code: 'x', message: 'x'.repeat(10_000) } as const;
const FRAMES = 2_000;

describe('what is sent to a client', () => {
  let server: WebSocketServer;
  let client: WebSocket;
  let socket: WebSocket;
  let outbox: Outbox;
  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    await once(server, 'listening');
    client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    [[socket]] = (await Promise.all([once(server, 'connection'), once(client, 'open')])) as [[WebSocket], unknown];
    outbox = new Outbox(socket);
  });
  afterEach(() => {
    client.terminate();
    server.close();
  });

  /** As who has much to send does it; the most that waited for the client. */
  async function sendAll(): Promise<number> {
    let most = 0;
    for (let n = 0; n < FRAMES; n += 1) {
      await outbox.whenRoom(() => outbox.send(FRAME));
      most = Math.max(most, socket.bufferedAmount);
    }
    return most;
  }

  it('waits for one who takes nothing, and holds little for him', async () => {
    let received = 0;
    client.on('message', () => (received += 1));
    client.pause();
    let most: number | undefined;
    const sending = sendAll().then((held) => (most = held));
    await eventually(() => socket.bufferedAmount > 64 * 1_024);
    expect(most).toBeUndefined();
    client.resume();
    await sending;
    expect(most).toBeLessThan(100_000);
    await eventually(() => received === FRAMES);
  });

  it('holds no more for one to whom many want to send', async () => {
    client.pause();
    const senders = Array.from({ length: 50 }, () => sendAll());
    await eventually(() => socket.bufferedAmount > 64 * 1_024);
    let most = 0;
    const send = outbox.send.bind(outbox);
    outbox.send = (frame) => {
      send(frame);
      most = Math.max(most, socket.bufferedAmount);
    };
    client.resume();
    await eventually(() => outbox.taken > FRAMES * 3);
    client.terminate();
    await Promise.all(senders);
    expect(most).toBeGreaterThan(64 * 1_024);
    expect(most).toBeLessThan(100_000);
  });

  it('cuts one who asks for answers and takes none', async () => {
    client.pause();
    const ping = 'x'.repeat(125);
    const asking = setInterval(() => {
      for (let n = 0; n < 5_000 && client.readyState === WebSocket.OPEN; n += 1) client.ping(ping);
    }, 5);
    await eventually(() => socket.readyState === WebSocket.CLOSED, { timeoutMs: 20_000 }).finally(() =>
      clearInterval(asking),
    );
  });

  it('waits no longer for one who has gone', async () => {
    client.pause();
    const sending = sendAll();
    await eventually(() => socket.bufferedAmount > 64 * 1_024);
    client.terminate();
    await sending;
  });
});
