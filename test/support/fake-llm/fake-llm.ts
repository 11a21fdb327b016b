import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { text as readText } from 'node:stream/consumers';
import { says, type Reply, type ScriptedCall } from './reply';

type Usage = { input: number; output: number };

export interface LlmMessage {
  role: string;
  content: string;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

export interface LlmRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: { model: string; messages: LlmMessage[]; [key: string]: unknown };
  /** The client closed the socket before the answer was complete. */
  cutByClient: boolean;
}

/** A server with OpenAI's chat completions on a free port; what it does is scripted, what it was asked is kept. */
export class FakeLlm {
  readonly requests: LlmRequest[] = [];
  /** For the next requests, in order; `reply` when it is empty. */
  readonly script: Reply[] = [];
  reply: (request: LlmRequest, index: number) => Reply | Promise<Reply> = () => says('Hello.');
  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeLlm> {
    const server = createServer((request, response) => void fake.serve(request, response));
    const fake = new FakeLlm(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  /** What `base_url` of a provider is set to. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await readText(incoming)) as LlmRequest['body'];
    const request: LlmRequest = { path: incoming.url ?? '', headers: incoming.headers, body, cutByClient: false };
    response.on('close', () => (request.cutByClient = !response.writableFinished));
    response.on('error', () => undefined);
    const index = this.requests.push(request) - 1;
    await answer(response, this.script.shift() ?? (await this.reply(request, index)), request);
  }
}

async function answer(response: ServerResponse, reply: Reply, { body }: LlmRequest): Promise<void> {
  if (reply.kind === 'status') {
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify({ error: { message: reply.message, type: 'fake' } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (reply.kind === 'garbage') return void response.end(reply.body);
  const chunk = (delta: object, finish: string | null = null) =>
    send(response, { id: 'c', model: body.model, choices: [{ index: 0, delta, finish_reason: finish }] });
  const count = reply.kind === 'text' ? (reply.chunks ?? 3) : 1;
  for (const piece of pieces(reply.text ?? '', count)) {
    if (response.destroyed) return;
    chunk({ role: 'assistant', content: piece });
    if (reply.kind === 'text' && reply.delayMs !== undefined) await delay(reply.delayMs);
  }
  switch (reply.kind) {
    case 'hang':
      return;
    case 'cut':
      // In the middle of the chunked body, but after the text: a reset would drop that.
      response.socket?.end();
      return;
    case 'unfinished':
      return void response.end();
    case 'calls':
      for (const [index, call] of reply.calls.entries()) {
        for (const delta of callDeltas(call, index)) chunk({ tool_calls: [delta] });
      }
      return end(response, body.model, chunk, { finish: 'tool_calls', ...reply });
    case 'text':
      return end(response, body.model, chunk, { finish: 'stop', ...reply });
  }
}

function end(
  response: ServerResponse,
  model: string,
  chunk: (delta: object, finish: string) => void,
  { finish, usage: { input, output } = { input: 10, output: 5 } }: { finish: string; usage?: Usage },
): void {
  chunk({}, finish);
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  send(response, { id: 'c', model, choices: [], usage });
  response.end('data: [DONE]\n\n');
}

/** As OpenAI sends them: the name first, then the arguments in pieces. */
function callDeltas({ tool, arguments: given = {}, id }: ScriptedCall, index: number): object[] {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const opening = { index, id: id ?? `call_${index}`, type: 'function', function: { name: tool, arguments: '' } };
  return [opening, ...pieces(text, 3).map((piece) => ({ index, function: { arguments: piece } }))];
}

function send(response: ServerResponse, data: object): void {
  response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', created: 1, ...data })}\n\n`);
}

function pieces(text: string, count: number): string[] {
  const characters = Array.from(text);
  const size = Math.max(1, Math.ceil(characters.length / count));
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  );
}
