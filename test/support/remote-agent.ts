import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export const REMOTE_SECRET = 'a-secret-of-the-remote-agent';

/** One request as it arrived. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  text: string;
  body: Record<string, unknown>;
  /** Resolves when the caller has closed the connection. */
  closed: Promise<unknown>;
}

export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** An object goes as JSON, text as it is. */
  body?: object | string;
}

type Script = (request: SeenRequest) => ScriptedAnswer | 'hang' | 'cut';

/** A remote agent on the loopback that does as the test says, and remembers what it was asked. */
export class RemoteAgent {
  readonly seen: SeenRequest[] = [];
  script: Script = () => ({ body: { output: 'done' } });

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response));
  }

  static async start(): Promise<RemoteAgent> {
    const server = createServer();
    const agent = new RemoteAgent(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return agent;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/agent`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** What it was asked with this method, first one first. */
  asked(method: string, executionId?: string): SeenRequest[] {
    return this.seen.filter(
      (request) =>
        request.method === method && (executionId === undefined || request.headers['idempotency-key'] === executionId),
    );
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const closed = once(response, 'close');
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      text,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      closed,
    };
    this.seen.push(seen);
    const answer = request.method === 'DELETE' ? { status: 204 } : this.script(seen);
    if (answer === 'cut') request.socket.destroy();
    if (typeof answer === 'string') return;
    const { status = 200, headers = { 'content-type': 'application/json' }, body = '' } = answer;
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

/** The headers and the text of a callback that a remote agent would send. */
export function signedCallback(
  body: object,
  { secret = REMOTE_SECRET, at = new Date(), id = 'msg_1' }: { secret?: string; at?: Date; id?: string } = {},
): { headers: Record<string, string>; text: string } {
  const text = JSON.stringify(body);
  const signature = new Webhook(new Uint8Array(Buffer.from(secret)), { format: 'raw' }).sign(id, at, text);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': signature,
  };
  return { headers, text };
}
