import { once } from 'node:events';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { defineAgent, Gateway, GatewayModule, GatewayService } from 'longhaul';
import { makeWorkspace } from '@longhaul/config/testing';
import { WebSocket, WebSocketServer } from 'ws';
import { StreamClient } from '../../support/stream-client';
import { free } from './free';

const HelloAgent = defineAgent({ id: 'hello', executionMode: 'async' }, ({ input }) =>
  Promise.resolve({ hello: input }),
);

describe('the WebSocket of a gateway in a program', () => {
  const started = free();

  it('is there where the gateway listens', async () => {
    const gateway = started(Gateway.create(makeWorkspace(), { env: {}, logger: false }).useAgents(HelloAgent));
    await gateway.useMemoryQueue({ drainTimeoutS: 0 }).listen(0);
    const client = await StreamClient.open(gateway.url);
    const { id } = await gateway.submit('hello', { message: 'x' });
    client.send({ type: 'subscribe', execution_id: id });
    await client.end(id);
  });
});

describe('the WebSocket of a gateway in an application of somebody else', () => {
  const started = free();

  async function host(): Promise<{ app: NestFastifyApplication; url: string }> {
    const gateway = GatewayModule.forRoot({
      workspace: makeWorkspace(),
      env: {},
      queue: { backend: 'memory', drainTimeoutS: 0 },
      agents: [HelloAgent],
      api: { prefix: 'agents', owner: ({ headers }) => (headers['x-user'] as string | undefined) ?? null },
    });
    @Module({ imports: [gateway] })
    class HostModule {}
    const app = await NestFactory.create<NestFastifyApplication>(HostModule, new FastifyAdapter(), { logger: false });
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    return { app: started(app), url: await app.getUrl() };
  }
  const PATH = '/api/agents/v1/stream';

  it('stands below its prefix, and asks the application who calls', async () => {
    const { app, url } = await host();
    const { id } = await app.get(GatewayService).submit('hello', { message: 'x' }, { owner: 'ada' });
    const client = await StreamClient.open(url, PATH, { 'x-user': 'ada' });
    client.send({ type: 'subscribe', execution_id: id });
    await client.end(id);
    const stranger = await StreamClient.open(url, PATH, { 'x-user': 'bob' });
    expect(await stranger.refused({ type: 'subscribe', execution_id: id })).toMatchObject({ code: 'not_found' });

    const asked = await app.inject({
      method: 'POST',
      url: '/api/agents/v1/stream-tickets',
      headers: { 'x-user': 'ada' },
    });
    const byTicket = await StreamClient.open(url, `${PATH}?ticket=${asked.json<{ ticket: string }>().ticket}`);
    byTicket.send({ type: 'subscribe', execution_id: id });
    await byTicket.end(id);
    for (const one of [client, stranger, byTicket]) one.close();
  });

  it("leaves the application's own WebSockets alone, and their paths", async () => {
    const { app, url } = await host();
    await expect(StreamClient.open(url, '/v1/stream')).rejects.toThrow(/^404 /);
    const own = new WebSocketServer({ noServer: true });
    app.getHttpServer().on('upgrade', (request, socket, head) => {
      if (request.url === '/v1/stream') own.handleUpgrade(request, socket, head, (opened) => opened.send('host'));
    });
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/stream`);
    const [said] = (await once(socket, 'message')) as [Buffer];
    expect(said.toString()).toBe('host');
    socket.terminate();
    (await StreamClient.open(url, PATH, { 'x-user': 'ada' })).close();
  });
});
