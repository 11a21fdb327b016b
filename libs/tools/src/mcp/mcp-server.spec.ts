import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { compileSchema, NoEffectError, PermanentError, RetryableError } from '@longhaul/kernel';
import { eventually } from '../../../../test/support/eventually';
import { HttpMcpServer } from '../../../../test/support/mcp/http-server';
import { processesOfGroup } from '../../../../test/support/process-groups';
import type { Tool, ToolCall } from '../tool';
import type { McpServerOptions } from './mcp-options';
import { McpServer, type McpServerNews } from './mcp-server';

const SCRIPT = join(__dirname, '../../../../test/support/mcp/stdio-server.ts');
const never = new AbortController().signal;
let key = 0;

class Stand {
  readonly folder = mkdtempSync(join(tmpdir(), 'longhaul-mcp-'));
  readonly ledger = join(this.folder, 'ledger');
  readonly log: string[] = [];
  readonly news: McpServerNews[] = [];
  private readonly ends: (() => Promise<void>)[] = [];

  /** A server of ours, reached by `reach`. */
  reach(reach: McpServerOptions['reach'], more: Partial<McpServerOptions> = {}): McpServer {
    const logger = new Logger();
    const note = (line: unknown) => void this.log.push(String(line));
    Object.assign(logger, { log: note, warn: note, debug: note });
    const options = { name: 'bench', reach, timeoutMs: 60_000, perTool: {}, ...more };
    const server = new McpServer(options, '1.2.3', logger, (news) => this.news.push(news));
    this.ends.push(() => server.stop());
    return server;
  }

  stdio(more: Partial<McpServerOptions> = {}, hostile = false): McpServer {
    const command = [process.execPath, SCRIPT, this.ledger, hostile ? 'hostile' : ''];
    return this.reach({ command, env: { PATH: '/usr/bin:/bin', SAID: 'so' }, cwd: this.folder }, more);
  }

  async http(hostile = false): Promise<HttpMcpServer> {
    const server = await new HttpMcpServer({ ledger: this.ledger, hostile }).start();
    this.ends.push(() => server.kill());
    return server;
  }

  told(): string[] {
    return existsSync(this.ledger) ? readFileSync(this.ledger, 'utf8').trim().split('\n') : [];
  }

  async end(): Promise<void> {
    await Promise.all(this.ends.map((end) => end()));
    rmSync(this.folder, { recursive: true });
  }
}

let stand: Stand;
beforeEach(() => (stand = new Stand()));
afterEach(() => stand.end());

const toolsOf = async (server: McpServer) => {
  await server.ready(never);
  return server.tools;
};
const find = async (server: McpServer, name: string): Promise<Tool> => {
  const tool = (await toolsOf(server)).find(({ definition }) => definition.name === `bench__${name}`);
  if (!tool) throw new Error(`no ${name}`);
  return tool;
};
const run = async (server: McpServer, name: string, args = {}, signal = never) =>
  (await find(server, name)).run(args, { signal, idempotencyKey: `key-${(key += 1)}` } as ToolCall);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Error,
  );
const textOf = async (server: McpServer, name: string, args = {}) => (await run(server, name, args)) as string;
const pidOf = async (server: McpServer) => (JSON.parse(await textOf(server, 'environment')) as { pid: number }).pid;

describe.each(['stdio', 'http'] as const)('a server over %s', (how) => {
  let http: HttpMcpServer;
  const make = async (more: Partial<McpServerOptions> = {}, hostile = false) => {
    if (how === 'stdio') return stand.stdio(more, hostile);
    http = await stand.http(hostile);
    return stand.reach({ url: http.url, headers: { 'x-desk': 'seven' } }, more);
  };
  const kill = async (server: McpServer) =>
    how === 'http' ? http.kill() : process.kill(await pidOf(server), 'SIGKILL');

  it('tells of its tools, and what calling them would mean', async () => {
    const server = await make({
      perTool: { remember: { tags: ['reads_private'], timeoutMs: 5, requiresApproval: true } },
    });
    expect((await find(server, 'echo')).definition).toMatchObject({
      name: 'bench__echo',
      description: 'Says it again.',
      effects: 'repeatable',
      tags: ['ingests_untrusted'],
      kind: 'mcp',
      requiresApproval: false,
      timeoutMs: 60_000,
    });
    expect((await find(server, 'add')).definition.effects).toBe('idempotent');
    expect((await find(server, 'fail')).definition).toMatchObject({
      effects: 'at_most_once',
      tags: ['ingests_untrusted', 'sends_out'],
    });
    expect((await find(server, 'remember')).definition).toMatchObject({
      tags: ['reads_private'],
      timeoutMs: 5,
      requiresApproval: true,
    });
  });

  it('has only the tools that the operator lists, and those that it does not have are told of', async () => {
    const server = await make({ tools: ['echo', 'ad'] });
    expect((await toolsOf(server)).map(({ definition }) => definition.name)).toEqual(['bench__echo']);
    expect(stand.news[0]?.complaints).toEqual(['is configured with an unknown tool "ad", did you mean "add"?']);
  });

  it('is called with the arguments and the idempotency key', async () => {
    const server = await make();
    expect(await run(server, 'echo', { text: 'hallo' })).toBe('hallo');
    expect(await run(server, 'add', { a: 1, b: 2 })).toEqual({ sum: 3 });
    expect(await run(server, 'picture')).toBe('[image image/png, 3 bytes, left out]');
    await run(server, 'remember', { what: 'this' });
    expect(stand.told()).toEqual([`remember this key-${key}`]);
  });

  it('answers an error, which the model is told', async () => {
    const server = await make();
    const error = await failure(run(server, 'fail'));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error?.message).toBe('the desk is closed');
    expect((await failure(run(server, 'protest')))?.message).toContain('no such desk');
    expect(await failure(run(server, 'echo', { text: 5 }))).toBeInstanceOf(PermanentError);
  });

  it('that hangs is given up when the run stops, and told so', async () => {
    const server = await make();
    const stop = new AbortController();
    const hanging = failure(run(server, 'hang', {}, stop.signal));
    await eventually(() => stand.told().includes('hang'));
    const reason = new Error('stop');
    stop.abort(reason);
    expect(await hanging).toBe(reason);
    await eventually(() => stand.told().includes('given up'));
    expect(await run(server, 'echo', { text: 'still there' })).toBe('still there');
  });

  it('that dies in the middle of a call may be tried again, and is connected to anew', async () => {
    const server = await make();
    await find(server, 'echo');
    const hanging = failure(run(server, 'hang'));
    await eventually(() => stand.told().includes('hang'));
    await kill(server);
    const error = await hanging;
    expect(error).toBeInstanceOf(RetryableError);
    // Nobody knows how far it came.
    expect(error).not.toBeInstanceOf(NoEffectError);
    if (how === 'http') await http.start();
    expect(await eventually(() => run(server, 'echo', { text: 'again' }))).toBe('again');
  });

  it('that is gone before it is called has surely done nothing', async () => {
    const server = await make();
    const tool = await find(server, 'remember');
    const remember = (what: string) => tool.run({ what }, { signal: never, idempotencyKey: 'k' } as ToolCall);
    await kill(server);
    if (how === 'http') {
      // The first may be written into a socket whose end has not been heard of.
      await eventually(async () => (await failure(remember('this'))) instanceof NoEffectError);
      await http.start();
    }
    await eventually(() => remember('that'));
    expect(stand.told()).toEqual(['remember that k']);
  });

  it('tells of tools that come later', async () => {
    const server = await make();
    expect(await failure(find(server, 'late'))).toBeDefined();
    await run(server, 'grow');
    await eventually(() => find(server, 'late'));
    expect(await run(server, 'late')).toBe('better late');
  });

  it('that answers too much is cut, and cut off', async () => {
    const server = await make();
    const pages = await textOf(server, 'pages', { chars: 300_000 });
    expect(pages).toHaveLength(200_000 + '\n[cut: 200000 of 300000 characters]'.length);
    const error = await failure(run(server, 'pages', { chars: 9_000_000 }));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error?.message).toBe('bench__pages: its server sent a message of more than 8 MB');
    expect(await eventually(() => run(server, 'echo', { text: 'back' }))).toBe('back');
  });

  it('with hostile tools has those that can be offered', async () => {
    const server = await make({}, true);
    const tools = await toolsOf(server);
    expect(tools.map(({ definition }) => definition.name)).toEqual([
      'bench__echo',
      'bench__a__b',
      'bench__desk_find_all',
      expect.stringMatching(/^bench__no{47}_[0-9a-f]{8}$/),
      'bench____proto__',
      'bench__slow',
    ]);
    expect((await find(server, 'echo')).definition.description).toHaveLength(4_000);
    const slow = (await find(server, 'slow')).definition.parameters;
    expect(slow).toEqual({
      type: 'object',
      properties: { pattern: { type: 'string', description: '(must match ^(a+)+$)' } },
    });
    expect(compileSchema(slow)({ pattern: `${'a'.repeat(50)}!` })).toBe(true);
    expect(stand.news[0]?.complaints).toEqual([
      'has a tool that is no object',
      'has a tool no-schema whose input schema is not that of an object',
      'has two tools that would be bench__echo',
      'has a tool whose name "" is none',
      'has a tool whose name "two words" is none',
      `has a tool whose name "${'o'.repeat(79)} is none`,
      'has a tool list whose input schema is not that of an object',
      expect.stringMatching(/^has a tool no-keyword whose input schema is not a JSON Schema: /),
      expect.stringMatching(/^has a tool remote whose input schema is not a JSON Schema: /),
      expect.stringMatching(/^has a tool endless whose input schema is not a JSON Schema: /),
      expect.stringMatching(/^has a tool large whose input schema has 7\d{4} characters/),
      'has a tool deep whose input schema is not a JSON Schema: it is nested more than 100 levels deep',
    ]);
  });

  it('repeats no secret that it was given: neither in an answer, nor in an error', async () => {
    const secrets = ['desk-"key"-0123456789'];
    const [secret = ''] = secrets;
    const server = await make({ secrets });
    expect(await run(server, 'echo', { text: `you are ${secret}` })).toBe('you are [redacted]');
    expect(await run(server, 'reflect', { text: secret })).toEqual({ said: '[redacted]' });
    expect((await failure(run(server, 'fail', { text: `${'x'.repeat(3_990)}${secret}` })))?.message).toBe(
      `${'x'.repeat(3_990)}[redacted]`,
    );
    const message = (await failure(run(server, 'protest', { text: `${'x'.repeat(1_950)}${secret}` })))?.message;
    expect(message).toContain('xxx[redacted]');
    expect(message).not.toContain('desk-');
  });

  it('that cannot be reached has no tools, and is tried again until it can', async () => {
    const server = await make();
    const port = how === 'http' ? http.port : 0;
    if (how === 'http') await http.kill();
    const broken = how === 'http' ? server : stand.reach({ command: ['no-such-program'], env: {}, cwd: stand.folder });
    broken.start();
    const error = await failure(toolsOf(broken));
    expect(error).toBeInstanceOf(NoEffectError);
    expect(error?.message).toMatch(how === 'http' ? /ECONNREFUSED/ : /exit code 127: .*no-such-program/);
    await eventually(() => stand.log.filter((line) => line.includes('trying again in')).length >= 2);
    if (how === 'stdio') return;
    expect(http.port).toBe(port);
    await http.start();
    await eventually(() => stand.news.length > 0);
    expect(await run(server, 'echo', { text: 'at last' })).toBe('at last');
  });
});

describe('a server that is a command', () => {
  it('has the environment that it was given and no other, and its own folder', async () => {
    const answer = JSON.parse(await textOf(stand.stdio(), 'environment')) as { env: object; cwd: string };
    expect(answer.env).toEqual({ PATH: '/usr/bin:/bin', SAID: 'so' });
    expect(answer.cwd).toBe(stand.folder);
  });

  it('ends with the gateway, and so does all of its group', async () => {
    const server = stand.stdio();
    const pid = await pidOf(server);
    expect(processesOfGroup(pid).length).toBeGreaterThan(0);
    await server.stop();
    expect(processesOfGroup(pid)).toEqual([]);
    expect((await failure(run(server, 'echo', { text: 'x' })))?.message).toContain('the gateway is ending');
  });

  it('is logged by what it writes', async () => {
    await find(stand.stdio(), 'echo');
    expect(stand.log).toEqual(expect.arrayContaining(['bench: the bench is set', 'bench: and this is no JSON']));
  });

  it('that ends with a secret as its last words has said none', async () => {
    const env = { PATH: '/usr/bin:/bin', DESK_KEY: 'desk-key-0123456789' };
    const command = ['sh', '-c', `printf '%0490d%s rest' 0 "$DESK_KEY" >&2; exit 3`];
    const server = stand.reach({ command, env, cwd: stand.folder }, { secrets: [env.DESK_KEY] });
    const error = await failure(toolsOf(server));
    expect(error?.message).toMatch(/exit code 3: 0{490}\[redacted\]$/);
    expect(stand.log.join('\n')).not.toContain('desk-key');
  });

  it('that never shakes hands keeps no gateway from ending', async () => {
    const server = stand.reach({ command: ['sleep', '1000'], env: { PATH: '/usr/bin:/bin' }, cwd: stand.folder });
    const listing = failure(toolsOf(server));
    await server.stop();
    expect(await listing).toBeInstanceOf(NoEffectError);
  });
});

describe('a server that is a URL', () => {
  it('is sent the headers of its section, and left with its session ended', async () => {
    const http = await stand.http();
    const server = stand.reach({ url: http.url, headers: { 'x-desk': 'seven' } });
    await run(server, 'echo', { text: 'x' });
    expect(http.seen.every((headers) => headers['x-desk'] === 'seven')).toBe(true);
    expect(http.sessionCount).toBe(1);
    await server.stop();
    expect(http.sessionCount).toBe(0);
  });

  it('that has forgotten the session is asked once more in a new one', async () => {
    const http = await stand.http();
    const server = stand.reach({ url: http.url, headers: {} });
    const tool = await find(server, 'remember');
    http.forget();
    await tool.run({ what: 'once' }, { signal: never, idempotencyKey: 'k' } as ToolCall);
    expect(stand.told()).toEqual(['remember once k']);
  });

  it('may not send the gateway elsewhere', async () => {
    const elsewhere = await new HttpMcpServer().start();
    const asked: unknown[] = [];
    const sender = await new HttpMcpServer({}, (request, response) => {
      asked.push(request.method);
      response.writeHead(307, { location: elsewhere.url }).end();
    }).start();
    const server = stand.reach({ url: sender.url, headers: { authorization: 'Bearer secret' } });
    expect((await failure(toolsOf(server)))?.message).toContain('not followed');
    expect(asked.length).toBeGreaterThan(0);
    expect(elsewhere.seen).toEqual([]);
    await server.stop();
    await Promise.all([sender.kill(), elsewhere.kill()]);
  });

  it('that answers with something else is told of', async () => {
    const web = await new HttpMcpServer({}, (_request, response) => void response.end('<html>')).start();
    const server = stand.reach({ url: web.url, headers: {} });
    expect((await failure(toolsOf(server)))?.message).toContain('content type');
    await server.stop();
    await web.kill();
  });
});
