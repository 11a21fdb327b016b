import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SunkRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** As it came, whatever its type. */
  text: string;
  /** Resolves when the caller has closed the connection. */
  closed: Promise<unknown>;
}

export interface SinkAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** An object goes as JSON, text as it is. */
  body?: object | string;
}

/** Somebody's HTTP API on the loopback: remembers each request byte for byte and answers as the test says. */
export class HttpSink {
  readonly seen: SunkRequest[] = [];
  script: (request: SunkRequest) => SinkAnswer | 'hang' | 'cut' = () => ({});

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response));
  }

  static async start(): Promise<HttpSink> {
    const server = createServer();
    const sink = new HttpSink(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The last request; throws when there was none. */
  get last(): SunkRequest {
    const request = this.seen.at(-1);
    if (!request) throw new Error('nobody has asked anything');
    return request;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = once(response, 'close');
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, text, closed };
    this.seen.push(seen);
    const answer = this.script(seen);
    if (answer === 'cut') request.socket.destroy();
    if (typeof answer === 'string') return;
    const { status = 200, headers = { 'content-type': 'application/json' }, body = '' } = answer;
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}
