import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One call as it arrived. */
export interface ReceivedCall {
  path: string;
  headers: IncomingMessage['headers'];
  /** The bytes that were signed. */
  text: string;
  body: { type: string; timestamp: string; data: Record<string, unknown> };
}

export type ReceiverAnswer =
  { status?: number; headers?: Record<string, string>; body?: string | Buffer } | 'hang' | 'cut';

/** A server that is called, does as the test says, and remembers what it got. */
export class WebhookReceiver {
  readonly calls: ReceivedCall[] = [];
  /** What is done before it answers. */
  before: () => Promise<void> = () => Promise.resolve();
  script: (call: ReceivedCall, nth: number) => ReceiverAnswer = () => ({});

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response));
  }

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** The calls about this execution. */
  about(executionId: string): ReceivedCall[] {
    return this.calls.filter(({ body }) => body.data['execution_id'] === executionId);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const call = {
      path: request.url ?? '',
      headers: request.headers,
      text,
      body: JSON.parse(text) as ReceivedCall['body'],
    };
    this.calls.push(call);
    await this.before();
    const answer = this.script(call, this.calls.length);
    if (answer === 'cut') request.socket.destroy();
    if (typeof answer === 'string') return;
    response.writeHead(answer.status ?? 204, answer.headers).end(answer.body);
  }
}

/** As docs/webhooks.md tells a receiver to do it. Throws for what was not signed with the secret. */
export function verified(call: ReceivedCall | undefined, secret: string): unknown {
  return new Webhook(secret).verify(call?.text ?? '', call?.headers as Record<string, string>);
}
