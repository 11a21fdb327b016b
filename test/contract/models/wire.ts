import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';

export interface Asked {
  url: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** A server that answers every request with the same events, or the same refusal, and keeps what it was asked. */
export class WireServer {
  readonly asked: Asked[] = [];
  answer: { status: number; headers?: Record<string, string>; body: string } = { status: 500, body: '' };
  /** Then an answer does not end after its events. */
  staysOpen = false;
  private readonly close = Promise.withResolvers<void>();
  /** Resolves once the client has closed the connection of an answer. */
  readonly closed = this.close.promise;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WireServer> {
    const server = createServer((request, response) => {
      void readText(request).then((body) => {
        wire.asked.push({ url: request.url ?? '', headers: request.headers, body: JSON.parse(body) as Asked['body'] });
        response.writeHead(wire.answer.status, wire.answer.headers).write(wire.answer.body);
        response.on('close', wire.close.resolve);
        if (!wire.staysOpen) response.end();
      });
    });
    const wire = new WireServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  streams(events: object[]): void {
    const body = events.map((event) => `${nameOf(event)}data: ${JSON.stringify(event)}\n\n`).join('');
    this.answer = { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
  }

  refuses(status: number, body: object, headers: Record<string, string> = {}): void {
    this.answer = { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

function nameOf(event: object): string {
  return 'type' in event ? `event: ${String(event.type)}\n` : '';
}
