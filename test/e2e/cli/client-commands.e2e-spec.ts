import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { freePort } from '../../support/free-port';
import { longhaul } from '../../support/gateway-process';
import { CliGateway, KEY } from './cli-gateway';
import { spawnShell } from './spawn-shell';

const SOON = '{"demo":{"sleep_ms":100}}';
const FAILS = '{"demo":{"fail":"permanent"}}';
const NOWHERE = 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP';

const linesOf = (text: string) => text.trim().split('\n');
const jsonLines = (text: string) => linesOf(text).map((line) => JSON.parse(line) as { seq: number; type: string });

describe('longhaul, beside a gateway', () => {
  let gateway: CliGateway;
  beforeAll(async () => (gateway = await CliGateway.start()));
  afterAll(() => gateway.stop());

  it('run gives the answer on stdout, and nothing else anywhere', async () => {
    const { stdout, stderr, status } = await gateway.run(['run', 'quick', 'Hello']);
    expect(stdout).toMatch(/^You said: Hello\n/);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('run hands in what its flags say', async () => {
    const flags = ['--tag=a', '--tag=b', '--metadata=ticket=4711', '--priority=high', '--correlation-id=order-1'];
    const record = await gateway.json('run', 'slow', 'Hello', '--context', SOON, ...flags);
    expect(record).toMatchObject({
      status: 'completed',
      tags: ['a', 'b'],
      metadata: { ticket: '4711' },
      correlation_id: 'order-1',
    });
  });

  it('run takes an input as JSON, and from a file', async () => {
    const input = '{"topic":"rain"}';
    const file = join(makeWorkspace(), 'input.json');
    writeFileSync(file, input);
    for (const source of [input, `@${file}`]) {
      expect(await gateway.json('run', 'typed', '--input', source)).toMatchObject({ status: 'completed' });
    }
  });

  it.each([
    ['LONGHAUL_API_KEY', { LONGHAUL_API_KEY: 'secret\nkey' }],
    ['LONGHAUL_URL', { LONGHAUL_URL: 'http://me:secret@127.0.0.1:1' }],
  ])('refuses a %s that no request can carry, and does not repeat it', async (name, env) => {
    const { stdout, stderr, status } = await gateway.run(['executions', 'list'], env);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toContain(name);
    expect(stderr).not.toContain('secret');
  });

  it('run with the same idempotency key is the same execution', async () => {
    const once = () => gateway.json('run', 'slow', 'once', '--context', SOON, '--idempotency-key', 'order-4711');
    expect((await once())['execution_id']).toBe((await once())['execution_id']);
  });

  it('run --detach prints the id; watch shows every event to the end', async () => {
    const { stdout, stderr, status } = await gateway.run(['run', 'slow', 'Hello', '--detach']);
    expect({ stdout, status }).toEqual({ stdout: expect.stringMatching(/^exec_\w{26}\n$/) as string, status: 0 });
    expect(stderr).toContain(`watch ${stdout.trim()}`);
    const watched = await gateway.run(['watch', stdout.trim()]);
    expect(watched).toMatchObject({ status: 0, stderr: '' });
    expect(linesOf(watched.stdout).at(0)).toMatch(/^\d\d:\d\d:\d\d {2}execution\.queued/);
    expect(linesOf(watched.stdout).at(-1)).toMatch(/^\d\d:\d\d:\d\d {2}execution\.completed$/);
  });

  it('run --watch --json and watch --json are the same lines of JSON', async () => {
    const { stdout, stderr } = await gateway.run(['run', 'slow', 'Hello', '--context', SOON, '--watch', '--json']);
    const events = jsonLines(stdout);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index));
    expect(stderr).toBe('');
    const [{ execution_id: id }] = JSON.parse(`[${linesOf(stdout)[0]}]`) as [{ execution_id: string }];
    expect((await gateway.run(['watch', id, '--json'])).stdout).toBe(stdout);
    expect(jsonLines((await gateway.run(['watch', id, '--json', '--after', '1'])).stdout)).toEqual(events.slice(2));
  });

  it('logs gives the text as it was, without and with following', async () => {
    const { execution_id: id, output } = await gateway.json<{ execution_id: string; output: { text: string } }>(
      'run',
      'slow',
      'Hello',
      '--context',
      SOON,
    );
    for (const flags of [[], ['-f']]) {
      const { stdout, stderr, status } = await gateway.run(['logs', id, ...flags]);
      expect(stdout).toBe(`${output.text}\n`);
      expect(stderr).toContain('execution.completed');
      expect(status).toBe(0);
    }
    expect(jsonLines((await gateway.run(['logs', id, '--json'])).stdout).at(-1)?.type).toBe('execution.completed');
  });

  it('executions list filters, pages and is a table for people', async () => {
    await gateway.json('run', 'quick', 'one', '--tag', 'listed');
    await gateway.json('run', 'quick', 'two', '--tag', 'listed');
    const list = ['executions', 'list', '--tag', 'listed', '--status', 'completed', '--limit', '1'];
    const page = await gateway.json<{ items: { execution_id: string }[]; next_cursor: string }>(...list);
    const second = await gateway.json<{ items: unknown[]; next_cursor: null }>(...list, '--cursor', page.next_cursor);
    expect([page.items.length, second.items.length, second.next_cursor]).toEqual([1, 1, null]);
    const { stdout, stderr } = await gateway.run(list);
    expect(linesOf(stdout)).toEqual([
      expect.stringMatching(/^EXECUTION +STATUS +AGENT +CREATED +PROGRESS$/),
      expect.stringContaining(page.items[0]?.execution_id ?? '-'),
    ]);
    expect(stderr).toContain(`--cursor ${page.next_cursor}`);
  });

  it('executions get shows the record, cancel asks and may ask twice', async () => {
    const id = await gateway.endless();
    expect(await gateway.json('executions', 'get', id)).toMatchObject({ execution_id: id });
    expect((await gateway.run(['executions', 'get', id])).stdout).toContain(`execution_id     ${id}`);
    const { stdout, status } = await gateway.run(['executions', 'cancel', id]);
    expect({ stdout, status }).toMatchObject({ stdout: expect.stringContaining(id) as string, status: 0 });
    expect((await gateway.run(['watch', id])).status).toBe(1);
    expect(await gateway.json('executions', 'cancel', id)).toMatchObject({ status: 'cancelled' });
  });

  it('executions tree shows what is below it, first of all itself', async () => {
    const { execution_id: id } = await gateway.json<{ execution_id: string }>('run', 'quick', 'Hello');
    const { stdout } = await gateway.run(['executions', 'tree', id]);
    expect(linesOf(stdout)).toEqual([
      expect.stringMatching(/^EXECUTION +STATUS +AGENT +DURATION$/),
      expect.stringMatching(new RegExp(`^${id} +completed +quick +[0-9.]+ s$`)),
    ]);
    expect(await gateway.json('executions', 'tree', id)).toMatchObject({
      items: [{ execution_id: id }],
      truncated: false,
    });
    expect(await gateway.run(['executions', 'tree', NOWHERE])).toMatchObject({ status: 4, stdout: '' });
  });

  it('executions steps shows the journal, and the results when asked to', async () => {
    const { execution_id: id } = await gateway.json<{ execution_id: string }>('run', 'quick', 'Hello');
    const { stdout } = await gateway.run(['executions', 'steps', id]);
    expect(linesOf(stdout)).toEqual([
      expect.stringMatching(/^KEY +STATUS +EFFECTS +ATTEMPT +STARTED$/),
      expect.stringMatching(/^model:1 +completed +repeatable +1 +\S+$/),
    ]);
    expect((await gateway.run(['executions', 'steps', id, '--results'])).stdout).toContain('"text":"You said: Hello');
    expect(await gateway.json('executions', 'steps', id)).toMatchObject([{ key: 'model:1', status: 'completed' }]);
    expect(await gateway.run(['executions', 'steps', NOWHERE])).toMatchObject({ status: 4, stdout: '' });
  });

  it('conversations list, show and delete what was said', async () => {
    const { conversation_id: id } = await gateway.json<{ conversation_id: string }>('run', 'quick', 'I am Ada.');
    await gateway.json('run', 'quick', 'Who am I?', '--conversation', id);
    const list = await gateway.json('conversations', 'list', '--limit', '1');
    expect(list).toMatchObject({ items: [{ conversation_id: id, turns: 2 }] });
    const { stdout } = await gateway.run(['conversations', 'show', id]);
    expect(stdout).toMatch(/^user: I am Ada\.\n\nassistant: You said: I am Ada\.[^]*\nuser: Who am I\?\n/);
    const all = await gateway.json<{ items: unknown[] }>('conversations', 'show', id);
    expect(all.items).toHaveLength(4);
    expect(await gateway.run(['conversations', 'delete', id])).toMatchObject({ status: 0, stdout: `${id} deleted\n` });
    expect(await gateway.run(['conversations', 'show', id])).toMatchObject({ status: 4, stdout: '' });
  });

  it('health shows each dependency', async () => {
    expect(await gateway.json('health')).toMatchObject({ status: 'ok', details: { database: { status: 'up' } } });
    const { stdout } = await gateway.run(['health']);
    for (const text of [`ok  ${gateway.url}`, 'database', 'queue', 'agents']) expect(stdout).toContain(text);
    expect(stdout).not.toContain('\u001B');
  });

  it('openapi prints the document of the gateway', async () => {
    const { stdout } = await gateway.run(['openapi']);
    expect(JSON.parse(stdout)).toMatchObject({ paths: { '/v1/agents/typed/invoke': {} } });
  });

  it('ends quietly when nobody reads on', async () => {
    const { execution_id: id } = await gateway.json<{ execution_id: string }>('run', 'quick', 'Hello');
    const { stdout, stderr } = await spawnShell(`watch ${id} --json | head -n 1`, { LONGHAUL_URL: gateway.url });
    expect(jsonLines(stdout)).toHaveLength(1);
    expect(stderr).toBe('');
  });

  describe('refuses', () => {
    it.each<[string, string[], number, string]>([
      ['neither message nor input', ['run', 'slow'], 2, 'give a message (- reads stdin), or --input'],
      ['a message and an input', ['run', 'slow', 'x', '--input', '{}'], 2, 'exclude each other'],
      ['two ways to wait', ['run', 'slow', 'x', '--watch', '--detach'], 2, '--watch, --wait and --detach exclude'],
      ['an input that is no JSON', ['run', 'typed', '--input', '{topic}'], 2, '--input: it is not JSON'],
      ['an input file that is not there', ['run', 'typed', '--input', '@/no/such'], 2, '--input: cannot read /no/such'],
      ['a context that is no object', ['run', 'slow', 'x', '--context', '[]'], 2, '--context: expected a JSON object'],
      ['metadata without a name', ['run', 'slow', 'x', '--metadata', 'x'], 2, '--metadata: expected name=value'],
      ['a priority that there is not', ['run', 'slow', 'x', '--priority', 'top'], 2, 'high, default, low'],
      ['a timeout that is no number', ['run', 'slow', 'x', '--timeout', 'soon'], 2, 'expected seconds'],
      ['an input that does not fit', ['run', 'typed', '--input', '{"topc":1}'], 2, 'input.topic: is required'],
      ['an agent that there is not', ['run', 'nobody', 'x'], 4, 'unknown agent "nobody"'],
      ['an execution that there is not', ['watch', NOWHERE], 4, 'not_found'],
      ['an id that is none', ['executions', 'get', 'x'], 4, 'ids look like exec_'],
      ['a status that there is not', ['executions', 'list', '--status', 'done'], 2, 'status'],
      ['a cursor of another', ['executions', 'list', '--cursor', 'x'], 2, 'next_cursor'],
      ['a URL that is none', ['health', '--url', 'localhost'], 2, '--url: url: expected one such as http://'],
      ['a command that there is not', ['executions', 'lst'], 2, "unknown command 'lst'"],
      ['a document of two', ['openapi', '-w', '.', '--url', 'http://x'], 2, 'exclude each other'],
    ])('%s', async (_what, args, code, said) => {
      const { stdout, stderr, status } = await gateway.run(args);
      expect(stderr).toContain(said);
      expect({ stdout, status }).toEqual({ stdout: '', status: code });
    });

    it('what failed with 1, and says why', async () => {
      const { stdout, stderr, status } = await gateway.run(['run', 'slow', 'x', '--context', FAILS]);
      expect(stderr).toMatch(/^longhaul: exec_\w+ failed: the demo model was asked to fail.*\(agent_error\)\n$/);
      expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
      const asJson = await gateway.run(['run', 'slow', 'x', '--context', FAILS, '--json']);
      expect(JSON.parse(asJson.stdout)).toMatchObject({ status: 'failed', error: { code: 'agent_error' } });
      expect(asJson.status).toBe(1);
    });

    it('to wait for longer than it is told to, with 5', async () => {
      const context = '{"demo":{"sleep_ms":3600000}}';
      const { stderr, status } = await gateway.run(['run', 'slow', 'x', '--context', context, '--wait-timeout', '0.2']);
      expect(stderr).toMatch(/is still (queued|running) after 0.2 s\n {2}it goes on; watch it with: .* watch exec_/);
      expect(status).toBe(5);
    });
  });
});

describe('longhaul, beside a gateway with keys', () => {
  let gateway: CliGateway;
  beforeAll(async () => {
    const keys = [{ name: 'reader', key: KEY, scopes: ['executions:read'] }];
    gateway = await CliGateway.start({ LONGHAUL_AUTH__API_KEYS: JSON.stringify(keys) });
  });
  afterAll(() => gateway.stop());

  it('reads the key from LONGHAUL_API_KEY, and says so when it is missing or may not', async () => {
    const list = ['executions', 'list', '--json'];
    expect(await gateway.run(list, { LONGHAUL_API_KEY: KEY })).toMatchObject({ status: 0 });
    const none = await gateway.run(list);
    expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('is read from LONGHAUL_API_KEY') });
    const scope = await gateway.run(['run', 'slow', 'x'], { LONGHAUL_API_KEY: KEY });
    expect(scope).toMatchObject({ status: 2, stderr: expect.stringContaining('forbidden') });
  });
});

describe('longhaul, where no gateway answers', () => {
  it.each([
    [['health']],
    [['run', 'slow', 'x']],
    [['watch', NOWHERE]],
    [['logs', '-f', NOWHERE]],
    [['executions', 'list']],
    [['executions', 'cancel', NOWHERE]],
    [['webhooks', 'add', 'https://example.com']],
    [['deliveries', 'list']],
    [['openapi']],
  ])('%j says where it looked and how to start one, with exit code 3', async (args) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { stdout, stderr, status } = await longhaul([...args, '--url', url]);
    expect(stderr).toContain(`longhaul: no gateway answers at ${url}: connect ECONNREFUSED`);
    expect(stderr).toContain('serve --workspace');
    expect({ stdout, status }).toEqual({ stdout: '', status: 3 });
  });
});
