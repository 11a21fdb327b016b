import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeWorkspace } from '@longhaul/config/testing';
import type { JsonObject } from '@longhaul/kernel';
import { loadTools } from '../../load-tools';
import { eventually } from '../../../../../test/support/eventually';
import type { ToolCall } from '../../tool';
import type { ToolSettings } from '../../tools-options';
import { ScrapeToolKind } from './scrape-tool-kind';

const LOOPBACK = ['127.0.0.0/8'];
const PARAGRAPH =
  'Long ago the lighthouse keeper wrote down each ship that passed, and what the weather was like. '.repeat(4);
const ARTICLE = `<!doctype html><html><head><title>Ships &amp; weather</title><link rel="canonical" href="/ships">
  <script>document.title = 'owned'</script></head><body><nav><a href="/">Home</a></nav>
  <article><h1>Ships</h1><p>${PARAGRAPH}</p><h2>Weather</h2><p>${PARAGRAPH}</p><ul><li>rain</li><li>sun</li></ul>
  <script>alert('never')</script></article><footer>Imprint</footer></body></html>`;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe('a tool of kind scrape', () => {
  const kinds: ScrapeToolKind[] = [];
  const servers: Server[] = [];
  let origin = '';
  let robots: string | number = 404;
  let page: Handler = () => undefined;
  let seen: string[] = [];

  beforeEach(async () => {
    [robots, seen] = [404, []];
    page = html(ARTICLE);
    const server = createServer((request, response) => {
      seen.push(request.url ?? '');
      if (request.url !== '/robots.txt') return page(request, response);
      if (typeof robots === 'number') response.writeHead(robots).end();
      else response.end(robots);
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    for (const kind of kinds.splice(0)) await kind.onApplicationShutdown();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  function html(body: string | Buffer, type = 'text/html; charset=utf-8'): Handler {
    return (_, response) => response.writeHead(200, { 'content-type': type }).end(body);
  }

  function reader(scrape: JsonObject = {}, more: JsonObject = {}, allowPrivateCidrs = LOOPBACK) {
    const frontMatter = JSON.stringify({ description: 'x', kind: 'scrape', scrape, ...more });
    const settings: ToolSettings = {
      workspace: makeWorkspace({ 'tools/it/TOOL.md': `---\n${frontMatter}\n---\n` }),
      allowPrivateCidrs,
      expand: (value) => ({ value }),
      variable: () => undefined,
    };
    const kind = new ScrapeToolKind(settings);
    kinds.push(kind);
    const { tools, problems } = loadTools(settings, [kind]);
    expect(problems).toEqual([]);
    const { tool } = tools[0]!;
    const read = (path = '/page', signal = new AbortController().signal) =>
      tool.run({ url: URL.canParse(path) ? path : `${origin}${path}` }, { signal } as ToolCall) as Promise<JsonObject>;
    return { tool, read };
  }

  const forTheModel = (message: RegExp) => ({
    retryable: false,
    message: expect.stringMatching(message) as string,
  });

  it('reads what a person would, and runs nothing', async () => {
    const { tool, read } = reader();
    expect(tool.definition).toMatchObject({
      effects: 'repeatable',
      tags: ['ingests_untrusted', 'sends_out'],
      parameters: { required: ['url'] },
    });
    const answer = await read();
    expect(answer).toMatchObject({ url: `${origin}/page`, title: 'Ships & weather', canonical: `${origin}/ships` });
    expect(answer['text']).toContain(PARAGRAPH.trim());
    expect(answer['text']).toMatch(/## Weather\n\n[^]*\n- rain\n- sun/);
    expect(answer['text']).not.toMatch(/alert|owned/);
  });

  it('reads a page that is no article whole, and plain text as it is', async () => {
    page = html('<title>T</title><body><table><tr><td>a</td><td>1</td></tr></table><p>Open 9 to 5');
    expect(await reader().read()).toMatchObject({
      title: 'T',
      text: expect.stringMatching(/a \| 1 \|[^]*Open 9 to 5/) as string,
    });
    page = html('  just text <b>\n', 'text/plain');
    expect(await reader().read()).toEqual({ url: `${origin}/page`, text: 'just text <b>' });
  });

  it.each([
    ['application/pdf', /it is application\/pdf, which this tool does not read/],
    ['image/png', /it is image\/png/],
    ['application/json', /it is application\/json/],
  ])('says that it does not read %s', async (type, message) => {
    page = html('x', type);
    await expect(reader().read()).rejects.toMatchObject(forTheModel(message));
  });

  it.each<[string, string, Buffer]>([
    ['of its header', 'text/html; charset="ISO-8859-1"', Buffer.from('<p>Größe</p>', 'latin1')],
    ['of its meta', 'text/html', Buffer.from('<meta charset=windows-1252><p>Größe</p>', 'latin1')],
    [
      'of its mark, whatever the header says',
      'text/html; charset=latin1',
      Buffer.from('\ufeff<p>Größe</p>', 'utf16le'),
    ],
    ['that nobody knows as UTF-8', 'text/html; charset=klingon', Buffer.from('<p>Größe</p>')],
  ])('reads the charset %s', async (_, type, body) => {
    page = html(body, type);
    expect(await reader().read()).toMatchObject({ text: 'Größe' });
  });

  it('reads wrong bytes without failing', async () => {
    page = html(Buffer.from([0x3c, 0x70, 0x3e, 0x61, 0xff, 0xfe, 0x62]));
    expect((await reader().read())['text']).toMatch(/^a.+b$/);
  });

  it('cuts what is longer than a model is given, and says so', async () => {
    page = html(`<p>${'word '.repeat(20_000)}</p>`);
    const answer = await reader({ max_chars: 500 }).read();
    expect(answer).toMatchObject({
      text: expect.stringMatching(/^.{500}$/) as string,
      cut: expect.stringMatching(/only the first 500 of 99999/) as string,
    });
    const whole = JSON.stringify(await reader().read());
    expect(whole.length).toBeLessThan(20_000);
  });

  it.each<[string, () => Handler, RegExp]>([
    ['10 MB', () => html('x'.repeat(10 * 1_048_576)), /larger than 2048 KiB/],
    [
      'an endless redirect',
      () => (_, response) => response.writeHead(302, { location: '/again' }).end(),
      /more than 3 redirects/,
    ],
    ['what is not there', () => (_, response) => response.writeHead(404).end('no'), /answered 404/],
    ['a server in trouble', () => (_, response) => response.writeHead(503).end('no'), /answered 503/],
    ['nothing in time', () => () => undefined, /no answer within 1 s/],
  ])('says so of %s', async (_, handler, message) => {
    page = handler();
    await expect(reader({}, { timeout_s: 1 }).read()).rejects.toThrow(message);
  });

  it.each<[string, string]>([
    ['nested a hundred thousand deep', `${'<div>'.repeat(100_000)}deep`],
    ['of open tags', '<'.repeat(500_000)],
    ['of half a million elements', '<b>x</b>'.repeat(200_000)],
    ['of attributes', `<p ${'a=1 '.repeat(300_000)}>x`],
    ['of tables in tables', '<table><tr><td>'.repeat(20_000)],
  ])('lives on after a page %s', async (_, body) => {
    page = html(body);
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 10);
    const outcome: unknown = await reader()
      .read()
      .catch((error: unknown) => error);
    clearInterval(ticking);
    if (outcome instanceof Error) expect(outcome).toMatchObject(forTheModel(/the page cannot be read: it /));
    else expect(outcome).toHaveProperty('text');
    expect(ticks).toBeGreaterThan(1);
    page = html(ARTICLE);
    expect(await reader().read()).toMatchObject({ title: 'Ships & weather' });
  });

  it('does not read what robots.txt forbids, asks for it once, and reads it where the file of the tool says so', async () => {
    robots = 'User-agent: *\nDisallow: /private\nAllow: /\n';
    const { read } = reader();
    await expect(read('/private/x')).rejects.toMatchObject(forTheModel(/robots.txt forbids robots to read it/));
    await read('/page');
    await read('/other');
    expect(seen).toEqual(['/robots.txt', '/page', '/other']);
    await reader({ respect_robots: false }).read('/private/x');
    expect(seen.slice(3)).toEqual(['/private/x']);
  });

  it('keeps to robots.txt after a redirect, and when it cannot be had', async () => {
    robots = 'User-agent: Longhaul\nDisallow: /private\n';
    page = (request, response) => {
      if (request.url === '/page') response.writeHead(302, { location: '/private' }).end();
      else html(ARTICLE)(request, response);
    };
    await expect(reader().read()).rejects.toMatchObject(forTheModel(/robots.txt forbids/));
    robots = 500;
    await expect(reader().read('/else')).rejects.toMatchObject(forTheModel(/robots.txt forbids/));
  });

  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://localhost./',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.8/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'http://user:pw@example.com/',
    'http://example.com:22/',
  ])('does not call %s', async (url) => {
    for (const scrape of [{ respect_robots: true }, { respect_robots: false }]) {
      await expect(reader(scrape, {}, []).read(url)).rejects.toMatchObject({
        name: 'PermanentError',
        retryable: false,
      });
    }
  });

  it('reads no other hosts than those that are allowed, nor is it led to any', async () => {
    const { read } = reader({ allow_hosts: ['127.0.0.1'] });
    await expect(read('http://example.com/')).rejects.toMatchObject(
      forTheModel(/host example.com is not one of those/),
    );
    page = (_, response) => response.writeHead(302, { location: 'http://127.0.0.2:8080/' }).end();
    await expect(read()).rejects.toMatchObject(forTheModel(/redirected to where it may not go, host 127.0.0.2/));
  });

  it('reads few pages at once, and all of many', async () => {
    const { read } = reader();
    let most = 0;
    const living = () => process.getActiveResourcesInfo().filter((one) => one === 'ProcessWrap').length;
    const looking = setInterval(() => (most = Math.max(most, living())), 2);
    const stop = new AbortController();
    const answers = Promise.all(Array.from({ length: 6 }, (_, n) => read(`/page/${n}`)));
    await eventually(() => living() > 0);
    const late = read('/late', stop.signal);
    stop.abort(new Error('cancelled'));
    await expect(late).rejects.toThrow('cancelled');
    for (const answer of await answers) expect(answer).toMatchObject({ title: 'Ships & weather' });
    clearInterval(looking);
    expect([2, 3, 4]).toContain(most);
  });

  it('stops with the run', async () => {
    page = () => undefined;
    const stop = new AbortController();
    const reading = reader().read('/page', stop.signal);
    stop.abort(new Error('cancelled'));
    await expect(reading).rejects.toThrow('cancelled');
  });
});
