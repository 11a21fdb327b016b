import { once } from 'node:events';
import { createServer, type Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GatewayConfig } from '@longhaul/config';
import { WebSocket } from 'ws';
import { eventually } from '../../../../test/support/eventually';
import type { Caller } from '../auth/caller';
import { StreamSlots } from '../limits/stream-slots';
import { StreamSockets } from './stream-sockets';

const ADA = { owner: 'ada' } as Caller;

describe('the places of WebSockets whose owner says later who he is', () => {
  let server: Server;
  let slots: StreamSlots;
  let sockets: StreamSockets;
  let login: () => Promise<Caller>;
  const clients: WebSocket[] = [];

  async function start(streams: { max: number; perKey: number }): Promise<void> {
    slots = new StreamSlots({ auth: { mode: 'api_key' }, server: { streams } } as unknown as GatewayConfig);
    sockets = new StreamSockets({} as never, slots, {} as never, {} as never);
    server = createServer();
    server.on('upgrade', (request, socket, head) => {
      const response = new ServerResponse(request);
      response.assignSocket(socket as never);
      const upgrade = { request, socket, head, response, taken: () => undefined };
      sockets.accept(upgrade, { caller: null, login: () => login() }, '10.0.0.1');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  }
  afterEach(() => {
    for (const client of clients.splice(0)) client.terminate();
    server.close();
  });

  async function connect(): Promise<WebSocket> {
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    clients.push(client);
    await once(client, 'open');
    client.send('{"type":"auth","key":"x"}');
    return client;
  }
  const places = () => slots['open'];

  it('are free again when the connection is cut while it is found out', async () => {
    await start({ max: 10, perKey: 1 });
    let known: (() => void) | undefined;
    login = () => new Promise((resolve) => (known = () => resolve(ADA)));
    await connect();
    const tell = await eventually(() => known ?? false);
    for (const socket of sockets['open'].keys()) socket.terminate();
    await eventually(() => places() === 0);
    tell();
    await new Promise(setImmediate);
    expect(places()).toBe(0);
  });

  it('are one for each, not two for a moment', async () => {
    await start({ max: 1, perKey: 1 });
    login = () => Promise.resolve(ADA);
    const [data] = (await once(await connect(), 'message')) as [Buffer];
    expect(data.toString()).toBe('{"type":"authenticated"}');
    expect(places()).toBe(1);
  });

  it('are given back, once, by one for whom there is none', async () => {
    await start({ max: 10, perKey: 1 });
    const giveBack = slots.take('ada');
    login = () => Promise.resolve(ADA);
    const [code] = (await once(await connect(), 'close')) as [number];
    expect(code).toBe(1013);
    await eventually(() => places() === 1);
    giveBack();
    expect(places()).toBe(0);
  });
});
