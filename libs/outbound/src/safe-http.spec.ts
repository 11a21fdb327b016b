import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { OutboundRequest } from './outbound-request';
import { SafeHttp } from './safe-http';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const LOOPBACK = ['127.0.0.0/8'];
const REFUSED = { code: 'outbound_refused', retryable: false };
const FAILED = { code: 'outbound_failed' };

describe('SafeHttp', () => {
  const servers: Server[] = [];
  const clients: SafeHttp[] = [];
  afterEach(async () => {
    for (const made of clients.splice(0)) await made.close();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(handler: Handler): Promise<string> {
    const server = createServer(handler).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function client(allowPrivateCidrs = LOOPBACK, addresses?: Record<string, string[]>): SafeHttp {
    const made = new SafeHttp({
      allowPrivateCidrs,
      ...(addresses && {
        resolve: (name, callback) =>
          callback(
            null,
            (addresses[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
          ),
      }),
    });
    clients.push(made);
    return made;
  }

  const get = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({ method: 'GET', url, ...more });
  const text = async (answer: Promise<{ body: Buffer }>) => (await answer).body.toString();

  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://localhost/',
    'http://localhost./',
    'http://x.localhost/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://0/',
    'http://10.0.0.8/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'http://user:pw@example.com/',
    'http://example.com:22/',
  ])('refuses to call %s', async (url) => {
    await expect(client([]).request(get(url))).rejects.toMatchObject(REFUSED);
  });

  it.each([
    'http://127.0.0.2/',
    'http://127.2/',
    'http://2130706434/',
    'http://0x7f.2/',
    'http://[::1]/',
    'http://[::ffff:7f00:2]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://169.254.169.254/latest/meta-data',
    'http://evil.example/',
    '//10.0.0.8/',
    'file:///etc/passwd',
    'http://user:pw@example.com/',
    'http://example.com:22/',
  ])('does not let itself be redirected to %s', async (location) => {
    const origin = await serve((_, response) => response.writeHead(302, { location }).end());
    const http = client(['127.0.0.1/32'], { 'evil.example': ['127.0.0.3'] });
    await expect(http.request(get(origin))).rejects.toMatchObject(REFUSED);
  });

  it.each([
    [['127.0.0.1'], 'loopback', '127.0.0.0/8'],
    [['::1'], 'loopback', '::1/128'],
    [['10.0.0.7', '192.168.1.1'], 'private', '10.0.0.0/8'],
    [['169.254.169.254'], 'linkLocal', undefined],
    [['::ffff:127.0.0.1'], 'loopback', '127.0.0.0/8'],
  ])('refuses a name that resolves to %j, and names what would mend it', async (addresses, kind, cidr) => {
    const http = client([], { 'evil.example': addresses });
    const error = await http.request(get('http://evil.example/')).catch((reason: Error) => reason);
    expect(error).toMatchObject({
      ...REFUSED,
      message: expect.stringContaining(`evil.example resolves to ${addresses[0]}`),
    });
    expect((error as Error).message).toContain(`(${kind})`);
    expect(/add (\S+) to it/.exec((error as Error).message)?.[1]).toBe(cidr);
  });

  it('asks for the address anew at each connection, so that a name gains nothing by changing', async () => {
    const url = await serve((_, response) => response.setHeader('connection', 'close').end('ok'));
    const addresses = { 'evil.example': ['127.0.0.1'] };
    const http = client(['127.0.0.1/32'], addresses);
    const named = url.replace('127.0.0.1', 'evil.example');
    expect(await text(http.request(get(named)))).toBe('ok');
    addresses['evil.example'] = ['127.0.0.2'];
    await expect(http.request(get(named))).rejects.toMatchObject(REFUSED);
  });

  it('calls only those addresses of a name that it may', async () => {
    const url = await serve((_, response) => response.end('mine'));
    const http = client(['127.0.0.1/32'], { 'mixed.example': ['10.0.0.1', '127.0.0.1'] });
    expect(await text(http.request(get(url.replace('127.0.0.1', 'mixed.example'))))).toBe('mine');
  });

  it('follows three redirects and no more', async () => {
    const url = await serve(({ url: path = '' }, response) => {
      const left = Number(path.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    expect(await text(client().request(get(`${url}/3`)))).toBe('there');
    await expect(client().request(get(`${url}/4`))).rejects.toMatchObject({
      ...FAILED,
      message: expect.stringContaining('more than 3 redirects'),
    });
  });

  it('sends credentials to their own origin only, and keeps the body of a POST that is sent on', async () => {
    const seen: { headers: IncomingMessage['headers']; body: string }[] = [];
    const collect = async (request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      seen.push({ headers: request.headers, body });
      response.end('ok');
    };
    const other = await serve((request, response) => void collect(request, response));
    const url = await serve((request, response) => {
      if (request.url === '/here') void collect(request, response);
      else response.writeHead(307, { location: request.url === '/away' ? other : '/here' }).end();
    });
    const headers = { authorization: 'Bearer x', 'x-api-key': 'y', cookie: 'z', 'content-type': 'text/plain' };
    for (const path of ['/same', '/away'])
      await client().request({ method: 'POST', url: url + path, headers, body: 'b' });
    expect(seen[0]).toMatchObject({ headers, body: 'b' });
    expect(seen[1]).toMatchObject({ headers: { 'content-type': 'text/plain' }, body: 'b' });
    for (const name of ['authorization', 'x-api-key', 'cookie']) expect(seen[1]?.headers).not.toHaveProperty(name);
  });

  it('does not make a GET of a POST: the redirect is the answer', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/' }).end());
    expect((await client().request({ method: 'POST', url, body: 'b' })).status).toBe(302);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])('decompresses %s, and stops at the limit whatever little came over the wire', async (encoding, compress) => {
    const url = await serve((request, response) => {
      const size = Number(request.url?.slice(1));
      response.writeHead(200, { 'content-encoding': encoding }).end(compress(Buffer.alloc(size, 'a')));
    });
    expect((await client().request(get(`${url}/1000`))).body).toHaveLength(1_000);
    await expect(client().request(get(`${url}/3000000`))).rejects.toMatchObject({
      ...FAILED,
      message: expect.stringContaining('larger than 2048 KiB, decompressed'),
    });
  });

  it.each([
    ['an unknown encoding', 'zip', /Content-Encoding "zip"/],
    ['an encoding that every object has', 'constructor', /Content-Encoding "constructor"/],
    ['what is not compressed as it says', 'gzip', /incorrect header/],
  ])('fails on %s', async (_, encoding, message) => {
    const url = await serve((__, response) => response.writeHead(200, { 'content-encoding': encoding }).end('plain'));
    await expect(client().request(get(url))).rejects.toMatchObject({
      ...FAILED,
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, string, string | undefined, string]>([
    ['has an encoding that nobody knows', '/', 'zstd', ''],
    ['has a charset for its encoding', '/', 'UTF-8', ''],
    ['has two encodings', '/', 'gzip, gzip', ''],
    ['is not compressed as it says', '/', 'gzip', ''],
    ['is cut', '/cut', undefined, 'half'],
    ['stays open', '/open', undefined, 'half'],
    ['stays open, compressed', '/open', 'gzip', 'half'],
  ])('goes by the status for whoever wants the beginning of the body, which %s', async (_, path, encoding, body) => {
    const url = await serve(({ url: asked }, response) => {
      response.writeHead(503, encoding === undefined ? {} : { 'content-encoding': encoding });
      if (asked === '/') return response.end('half');
      const half = encoding === undefined ? Buffer.from('half') : gzipSync('half');
      response.write(half, () => asked === '/cut' && response.destroy());
    });
    const answer = await client().request(get(url + path, { cutsBody: true, timeoutMs: 5_000 }));
    expect({ status: answer.status, body: answer.body.toString() }).toEqual({ status: 503, body });
  });

  it('fails when the time is up, whether nothing came or half of it', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/half') response.write('half');
    });
    for (const path of ['/none', '/half']) {
      await expect(client().request(get(url + path, { timeoutMs: 50 }))).rejects.toMatchObject({
        ...FAILED,
        retryable: true,
        message: `GET ${url}${path}: no answer within 0.05 s`,
      });
    }
  });

  it('closes the connection when it is aborted, and gives the reason', async () => {
    const closed = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const url = await serve((request) => {
      request.on('close', closed.resolve);
      asked.resolve();
    });
    const abort = new AbortController();
    const reason = new Error('cancelled by the test');
    const answer = client().request(get(url, { signal: abort.signal }));
    await asked.promise;
    abort.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await closed.promise;
  });

  it('says that nothing listens, without the query', async () => {
    const url = await serve(() => undefined);
    servers.splice(0).forEach((server) => server.close());
    await expect(client().request(get(`${url}/x?token=secret`))).rejects.toMatchObject({
      ...FAILED,
      retryable: true,
      message: `GET ${url}/x: connection refused, nothing listens there`,
    });
  });
});
