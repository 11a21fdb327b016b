import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeWorkspace } from '@longhaul/config/testing';
import type { JsonObject } from '@longhaul/kernel';
import { loadTools } from '../../load-tools';
import type { ToolCall } from '../../tool';
import type { ToolSettings } from '../../tools-options';
import { HttpToolKind } from './http-tool-kind';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Http = JsonObject & { url: string };

const LOOPBACK = ['127.0.0.0/8'];
const VARIABLES: Record<string, string> = { TOKEN: 's3cret-token-of-ours', BASE: '' };

describe('a tool of kind http', () => {
  const servers: Server[] = [];
  const kinds: HttpToolKind[] = [];
  const seen: Seen[] = [];
  let answer: (response: ServerResponse) => void;
  let origin: string;

  beforeEach(async () => {
    seen.length = 0;
    answer = (response) => response.setHeader('content-type', 'application/json').end('{"ok":true}');
    origin = await serve();
  });

  afterEach(async () => {
    for (const kind of kinds.splice(0)) await kind.onApplicationShutdown();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(): Promise<string> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
        answer(response);
      });
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** One call of the tool that this makes. */
  function call(
    http: JsonObject,
    args: JsonObject = {},
    more: JsonObject = {},
    options: Partial<ToolSettings & ToolCall> = {},
  ) {
    const properties = Object.fromEntries(Object.keys(args).map((key) => [key, {}]));
    const parameters = { type: 'object', properties, required: Object.keys(args) };
    const frontMatter = JSON.stringify({ description: 'x', kind: 'http', parameters, http, ...more });
    const settings: ToolSettings = {
      workspace: makeWorkspace({ 'tools/it/TOOL.md': `---\n${frontMatter}\n---\n` }),
      allowPrivateCidrs: options.allowPrivateCidrs ?? LOOPBACK,
      expand: (text) => ({ value: text.replace(/\$\{(\w+)\}/g, (_, name: string) => VARIABLES[name] ?? origin) }),
      variable: () => undefined,
    };
    const kind = new HttpToolKind(settings);
    kinds.push(kind);
    const { tools, problems } = loadTools(settings, [kind]);
    expect(problems).toEqual([]);
    const context = { idempotencyKey: 'step_1', signal: options.signal ?? new AbortController().signal };
    return tools[0]!.tool.run(args, context as ToolCall);
  }

  it('calls its URL and answers status and body, with the key that a repeated call has too', async () => {
    await expect(call({ url: `${origin}/v1/x` })).resolves.toEqual({ status: 200, body: { ok: true } });
    expect(seen).toEqual([
      expect.objectContaining({
        method: 'GET',
        url: '/v1/x',
        body: '',
        headers: expect.objectContaining({ 'idempotency-key': 'step_1' }) as object,
      }),
    ]);
  });

  it.each<[string, Http, JsonObject, string]>([
    ['a path', { url: '/u/{{args.id}}/x' }, { id: 'a/../b?c#d e' }, '/u/a%2F..%2Fb%3Fc%23d%20e/x'],
    ['part of a segment', { url: '/u/v{{args.id}}.json' }, { id: '..' }, '/u/v...json'],
    ['a query in the URL', { url: '/u?q={{args.q}}&r=1' }, { q: 'a&r=2' }, '/u?q=a%26r%3D2&r=1'],
    ['a query', { url: '/u?a=1', query: { q: '{{args.q}}', n: 5 } }, { q: 'x=1&y' }, '/u?a=1&q=x%3D1%26y&n=5'],
    ['several of a query', { url: '/u', query: { q: '{{args.q}}' } }, { q: ['a', 1] }, '/u?q=a&q=1'],
    ['a query that is null', { url: '/u', query: { q: '{{args.q}}', r: 'x{{args.q}}' } }, { q: null }, '/u'],
    ['no placeholder in a value', { url: '/u', query: { q: '{{args.q}}' } }, { q: '{{args.q}}${TOKEN}' }, '/u?q=%7B%7Bargs.q%7D%7D%24%7BTOKEN%7D'],
    ['half a character', { url: '/u/{{args.q}}' }, { q: '\ud800' }, '/u/%EF%BF%BD'],
  ])('encodes a value for %s', async (_, http, args, url) => {
    await call({ ...http, url: `${origin}${http.url}` }, args);
    expect(seen[0]?.url).toBe(url);
  }); // prettier-ignore

  it('sends a body of JSON in which a value keeps its type and cannot become a field, and null is left out', async () => {
    const body = {
      name: '{{args.name}}',
      text: 'Hi {{args.name}}!',
      n: '{{args.n}}',
      list: ['{{args.list}}'],
      gone: '{{args.gone}}',
      fixed: 1,
    };
    await call({ method: 'POST', url: origin, body }, { name: '","admin":true', n: 2, list: [1], gone: null }); // prettier-ignore
    expect(seen[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      name: '","admin":true',
      text: 'Hi ","admin":true!',
      n: 2,
      list: [[1]],
      fixed: 1,
    });
  });

  it('sends a text with the type that its headers say', async () => {
    const headers = { 'Content-Type': 'text/markdown', 'X-Of': 'a {{args.x}}' };
    await call({ method: 'PUT', url: origin, headers, body: '# {{args.x}}' }, { x: 'b' });
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      body: '# b',
      headers: { 'content-type': 'text/markdown', 'x-of': 'a b' },
    });
  });

  it('sends credentials from the environment, and tells them to nobody who echoes them', async () => {
    answer = (response) => response.end(`you sent ${VARIABLES['TOKEN']}`);
    const http = { url: '${HERE}/x', headers: { Authorization: 'Bearer ${TOKEN}' } };
    await expect(call(http)).resolves.toEqual({ status: 200, body: 'you sent [redacted]' });
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${VARIABLES['TOKEN']}`);
    answer = (response) => response.writeHead(400).end(`bad ${VARIABLES['TOKEN']}`);
    await expect(call(http)).rejects.toMatchObject({ message: 'answered 400: bad [redacted]' });
    answer = (response) => response.writeHead(302, { location: `/next?token=${VARIABLES['TOKEN']}` }).end();
    await expect(call({ ...http, method: 'POST' })).rejects.toMatchObject({
      message: expect.stringContaining('set http.url to /next?token=[redacted]') as string,
    });
    const type = { 'content-type': `image/png; of=${VARIABLES['TOKEN']}` };
    answer = (response) => response.writeHead(200, type).end(Buffer.from([0x89, 0]));
    await expect(call(http)).resolves.toMatchObject({ body: expect.stringContaining('of=[redacted]') as string });
  });

  it.each<[string, Http, JsonObject, RegExp]>([
    ['a segment that leads up', { url: '/u/{{args.id}}' }, { id: '..' }, /args\.id: is "\.\.".*another path/],
    ['a segment that is a dot', { url: '/u/{{args.id}}/x' }, { id: '.' }, /args\.id: is "\."/],
    ['a segment that is nothing', { url: '/u/{{args.id}}' }, { id: '' }, /args\.id: is empty/],
    ['two that make one that leads up', { url: '/u/{{args.a}}{{args.b}}' }, { a: '.', b: '.' }, /args\.a: is "\.\."/],
    ['an object in a path', { url: '/u/{{args.id}}' }, { id: {} }, /args\.id: expected text.*an object/],
    ['a line break in a header', { url: '/u', headers: { 'X-A': '{{args.id}}' } }, { id: 'a\r\nX-B: c' }, /http\.headers\.X-A: .*no line breaks/],
    ['NUL', { url: '/u/{{args.id}}' }, { id: 'a\0' }, /holds NUL/],
  ])('refuses %s for good, before it calls anybody', async (_, http, args, message) => {
    await expect(call({ ...http, url: `${origin}${http.url}` }, args)).rejects.toMatchObject({
      code: 'invalid_input',
      retryable: false,
      message: expect.stringMatching(message) as string,
    });
    expect(seen).toEqual([]);
  }); // prettier-ignore

  it.each<[string, string, string[], RegExp]>([
    ['that is not listed', 'localhost', ['127.0.0.1'], /host localhost is not one of those that are allowed/],
    ['below one that is listed', 'x.a.example', ['a.example'], /not one of those/],
    ['that ends like one', 'evila.example', ['*.a.example'], /not one of those/],
    ['in another notation', '2130706433', ['a.example'], /host 127.0.0.1 is not one of those/],
    ['and a path', '127.0.0.1/x?', ['127.0.0.1'], /make no URL/],
    ['and a port', '127.0.0.1:80', ['127.0.0.1'], /make no URL/],
    ['behind a user', 'a@127.0.0.1', ['127.0.0.1'], /make no URL/],
    ['of nothing', '', ['127.0.0.1'], /make no URL|not one of/],
  ])('calls no host from an argument %s', async (_, host, hosts, message) => {
    const port = new URL(origin).port;
    const run = call({ url: `http://{{args.host}}:${port}/x`, allow_hosts: hosts }, { host });
    await expect(run).rejects.toMatchObject({ retryable: false, message: expect.stringMatching(message) as string });
    expect(seen).toEqual([]);
  });

  it('calls a host from an argument that is listed', async () => {
    const port = new URL(origin).port;
    await call({ url: `http://{{args.host}}:${port}/x`, allow_hosts: ['127.0.0.1'] }, { host: '127.0.0.1' });
    expect(seen).toHaveLength(1);
  });

  it('is not led to another host by a redirect, unless that is listed', async () => {
    const other = (await serve()).replace('127.0.0.1', '127.0.0.2');
    answer = (response) => response.writeHead(302, { location: `${other}/` }).end();
    await expect(call({ url: origin })).rejects.toMatchObject({
      code: 'outbound_refused',
      retryable: false,
      message: expect.stringContaining('was redirected to where it may not go, host 127.0.0.2') as string,
    });
    answer = (response) =>
      response.writeHead(302, { location: '/next' }).end(void (answer = (next) => next.end('there')));
    await expect(call({ url: origin })).resolves.toEqual({ status: 200, body: 'there' });
  });

  it('says at load that it may not call a private address', async () => {
    await expect(call({ url: origin }, {}, {}, { allowPrivateCidrs: [] })).rejects.toMatchObject({
      code: 'tool_unavailable',
      message: expect.stringMatching(/127\.0\.0\.1 is not a public address.*allow_private_cidrs/) as string,
    });
    await expect(call({ url: 'http://{{args.h}}/', allow_hosts: ['localhost'] }, { h: 'localhost' }, {}, { allowPrivateCidrs: [] })).rejects.toMatchObject({ code: 'outbound_refused', retryable: false }); // prettier-ignore
    expect(seen).toEqual([]);
  });

  it.each([400, 401, 404, 409, 422])('tells the model of a %d', async (status) => {
    answer = (response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"no such city"}');
    const error = await call({ url: origin }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'PermanentError', retryable: false, details: { status } });
    expect((error as Error).message).toBe(`answered ${status}: {"error":"no such city"}`);
  });

  it.each([408, 425, 429, 500, 503])('asks for another try after a %d, when the server says', async (status) => {
    answer = (response) => response.writeHead(status, { 'retry-after': '7' }).end('later');
    await expect(call({ url: origin })).rejects.toMatchObject({
      name: 'RetryableError',
      retryable: true,
      retryAfterMs: 7_000,
    });
  });

  it('has done nothing when a call that may be made once was refused with 429', async () => {
    answer = (response) => response.writeHead(429).end();
    await expect(call({ method: 'POST', url: origin })).rejects.toMatchObject({ name: 'NoEffectError' });
    await expect(call({ method: 'POST', url: origin }, {}, { effects: 'idempotent' })).rejects.toMatchObject({
      name: 'RetryableError',
    });
  });

  it('does not follow a redirect that would lose what it sends', async () => {
    answer = (response) => response.writeHead(302, { location: '/next' }).end();
    await expect(call({ method: 'POST', url: origin, body: { a: 1 } })).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('would lose what was sent: set http.url to /next') as string,
    });
    expect(seen).toHaveLength(1);
  });

  it.each<[string, string | undefined, string | Buffer, unknown]>([
    ['JSON', 'application/problem+json', '{"a":1}', { a: 1 }],
    ['what is called JSON and is none', 'application/json', '{"a":', '{"a":'],
    ['a text', 'text/html', '<p>ü</p>', '<p>ü</p>'],
    ['nothing', undefined, '', ''],
    ['an image', 'image/png', Buffer.from([0x89, 0x50, 0, 1]), '[4 bytes that are no text: image/png]'],
  ])('reads %s', async (_, type, body, expected) => {
    answer = (response) => (type === undefined ? response : response.setHeader('content-type', type)).end(body);
    await expect(call({ url: origin })).resolves.toEqual({ status: 200, body: expected });
  });

  it('takes no more than 2 MB', async () => {
    answer = (response) => response.end('x'.repeat(2 * 1_048_576 + 1));
    await expect(call({ url: origin })).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('larger than 2048 KiB') as string,
    });
  });

  it('ends with its time, and with the run', async () => {
    answer = () => undefined;
    await expect(call({ url: origin }, {}, { timeout_s: 0.2 })).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining('within 0.2 s') as string,
    });
    const stop = new AbortController();
    const run = call({ url: origin }, {}, {}, { signal: stop.signal });
    stop.abort(new Error('cancelled'));
    await expect(run).rejects.toThrow('cancelled');
  });
});
