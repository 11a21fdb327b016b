import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import type { JsonObject } from '@longhaul/kernel';
import { eventually } from '../../../../../test/support/eventually';
import { processesOfGroup } from '../../../../../test/support/process-groups';
import { loadTools } from '../../load-tools';
import type { ToolCall } from '../../tool';
import type { ToolSettings } from '../../tools-options';
import { CommandToolKind } from './command-tool-kind';

const GITHUB_TOKEN = 'ghp_0123456789"abcdefghij';
const GATEWAY: Record<string, string> = {
  PATH: '/usr/bin:/bin',
  SECRET: 'hidden',
  TOKEN: 'shown',
  GITHUB_TOKEN,
  DATABASE_URL: 'postgres://me:p%40ssword@db/shop',
  PEM: '-----BEGIN KEY-----\nfirstlineofthekey\nsecondlineofthekey\n-----END KEY-----\n',
};
const node = process.execPath;
const script = (code: string, ...args: string[]) => ({ argv: [node, '-e', code, ...args] });
const ECHO = 'console.log(JSON.stringify(process.argv.slice(1)))';

interface Options {
  signal?: AbortSignal;
  workspace?: string;
  more?: JsonObject;
}

/** What the files make of this command: one tool, or the problems. */
function load(command: JsonObject, args: JsonObject, { workspace = makeWorkspace(), more = {} }: Options = {}) {
  const properties = Object.fromEntries(Object.keys(args).map((key) => [key, {}]));
  const parameters = { type: 'object', properties, required: Object.keys(args) };
  const frontMatter = JSON.stringify({ description: 'x', kind: 'command', parameters, command, ...more });
  const holder = makeWorkspace({ 'tools/it/TOOL.md': `---\n${frontMatter}\n---\n` });
  mkdirSync(join(workspace, 'tools/it'), { recursive: true });
  const settings: ToolSettings = {
    workspace: holder,
    allowPrivateCidrs: [],
    expand: (value) => ({ value }),
    variable: (name) => GATEWAY[name],
  };
  const kind = new CommandToolKind({ ...settings, workspace });
  return loadTools(settings, [kind]);
}

function call(command: JsonObject, args: JsonObject = {}, options: Options = {}) {
  const { tools, problems } = load(command, args, options);
  expect(problems).toEqual([]);
  const context = {
    executionId: 'exec_1',
    runId: 'run_1',
    idempotencyKey: 'step_1',
    signal: options.signal ?? new AbortController().signal,
  };
  return tools[0]!.tool.run(args, context as ToolCall);
}

describe('a tool of kind command', () => {
  it('answers what its program printed, and knows what to be careful with', async () => {
    const command = script('console.log("out"); console.error("err")');
    await expect(call(command)).resolves.toEqual({ exit_code: 0, stdout: 'out\n', stderr: 'err\n' });
    expect(load(command, {}).tools[0]?.tool.definition).toMatchObject({
      effects: 'at_most_once',
      tags: ['reads_private', 'ingests_untrusted', 'sends_out'],
    });
  });

  it.each<[string, string[], JsonObject, string[]]>([
    ['what a shell would read', ['{{args.x}}'], { x: '$(id); `id` > /tmp/x | "y" \n' }, ['$(id); `id` > /tmp/x | "y" \n']],
    ['a list as several', ['{{args.x}}'], { x: ['a b', 2] }, ['a b', '2']],
    ['what looks like a placeholder', ['{{args.x}}'], { x: '{{args.x}}' }, ['{{args.x}}']],
    ['a dash behind --', ['--', '{{args.x}}'], { x: '-rf' }, ['--', '-rf']],
    ['a value within an argument', ['--city={{args.x}}'], { x: '-rf' }, ['--city=-rf']],
  ])('gives its program %s as it is', async (_, argv, args, expected) => {
    const answer = (await call({ argv: [node, '-e', ECHO, '--', ...argv] }, args)) as { stdout: string };
    expect(JSON.parse(answer.stdout)).toEqual(expected);
  }); // prettier-ignore

  it.each<[string, JsonObject, RegExp]>([
    ['that would be an option', { x: '--exec=sh' }, /args\.x: begins with "-"/],
    ['that is an object', { x: {} }, /args\.x: expected text.*an object/],
    ['that holds NUL', { x: 'a\0b' }, /args\.x: holds NUL/],
    ['that is null', { x: null }, /args\.x: is missing/],
  ])('refuses a value %s, for good', async (_, args, message) => {
    const run = call({ argv: [node, '{{args.x}}'] }, args);
    await expect(run).rejects.toMatchObject({ code: 'invalid_input', retryable: false, message: expect.stringMatching(message) as string }); // prettier-ignore
  });

  it('has no variable but those that its file names, and those of the call', async () => {
    const command = {
      ...script('console.log(JSON.stringify(process.env))'),
      env_allow: ['TOKEN'],
      env: { CITY: '{{args.x}}' },
    };
    const answer = (await call(command, { x: 'Oslo' })) as { stdout: string };
    expect(JSON.parse(answer.stdout)).toEqual({
      TOKEN: 'shown',
      CITY: 'Oslo',
      LONGHAUL_EXECUTION_ID: 'exec_1',
      LONGHAUL_RUN_ID: 'run_1',
      LONGHAUL_IDEMPOTENCY_KEY: 'step_1',
    });
  });

  it('is given secrets by env_allow, and its answer repeats none', async () => {
    const names = ['PATH', 'GITHUB_TOKEN', 'DATABASE_URL', 'PEM'];
    const env = await call({ argv: ['env'], env_allow: names, env: { CITY: 'Oslo-by-the-sea' } });
    const told = JSON.stringify(env);
    expect(told).not.toMatch(/ghp_|ssword|lineofthekey/);
    expect((env as { stdout: string }).stdout.split('\n')).toEqual(
      expect.arrayContaining(['PATH=/usr/bin:/bin', 'GITHUB_TOKEN=[redacted]', 'CITY=Oslo-by-the-sea']),
    );
    const said = 'const { GITHUB_TOKEN: t, DATABASE_URL: u } = process.env;';
    const inside = script(`${said} console.log(JSON.stringify({ t, p: decodeURIComponent(new URL(u).password) }))`);
    await expect(call({ ...inside, env_allow: names })).resolves.toMatchObject({
      stdout: '{"t":"[redacted]","p":"[redacted]"}\n',
    });
  });

  it.each([false, true])('fails without repeating a secret (retryable: %s)', async (retryable) => {
    const push = 'console.error(`fatal: https://x:${process.env.GITHUB_TOKEN}@github.com/a: 403`); process.exit(7)';
    const more = { env_allow: ['GITHUB_TOKEN'], retry_exit_codes: retryable ? [7] : [1] };
    const error = await call({ ...script(push), ...more }).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({
      retryable,
      message: expect.stringContaining('https://x:[redacted]@github.com/a: 403') as string,
      details: { stderr_tail: 'fatal: https://x:[redacted]@github.com/a: 403\n' },
    });
  });

  it('leaves nothing of a secret that the end of what it printed begins within', async () => {
    const much = script('process.stdout.write(process.env.GITHUB_TOKEN + "-".repeat(1012))');
    const answer = (await call({ ...much, env_allow: ['GITHUB_TOKEN'], tail_kb: 1 })) as { stdout: string };
    expect(answer.stdout).toBe(`[redacted]${'-'.repeat(1012)}`);
  });

  it('runs in its own folder, and nowhere out of the workspace', async () => {
    const workspace = makeWorkspace({ 'data/x': '' });
    const pwd = script('console.log(process.cwd())');
    const folder = realpathSync(workspace);
    await expect(call(pwd, {}, { workspace })).resolves.toMatchObject({ stdout: `${folder}/tools/it\n` });
    await expect(call({ ...pwd, cwd: 'data' }, {}, { workspace })).resolves.toMatchObject({
      stdout: `${folder}/data\n`,
    });
    symlinkSync('/tmp', join(workspace, 'out'));
    await expect(call({ ...pwd, cwd: 'out' }, {}, { workspace })).rejects.toMatchObject({
      code: 'tool_unavailable',
      message: expect.stringContaining('leads out of the workspace') as string,
    });
  });

  it('says which program is not there', async () => {
    await expect(call({ argv: ['no-such-program'] })).rejects.toMatchObject({
      code: 'tool_unavailable',
      retryable: false,
      message: expect.stringContaining('"no-such-program" was not found in PATH') as string,
    });
  });

  it('tells the model what a program said that failed, and asks for another try where the file says so', async () => {
    const command = script('console.error("no such city: Olso\\n  at line 5"); process.exit(3)');
    const error = await call(command).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ name: 'PermanentError', code: 'command_failed', retryable: false });
    expect((error as Error).message).toContain('ended with exit code 3');
    expect((error as Error).message).toContain('no such city: Olso\n  at line 5');
    await expect(call({ ...command, retry_exit_codes: [3] })).rejects.toMatchObject({ name: 'RetryableError' });
  });

  it('keeps the end of what is printed, and stops what prints too much', async () => {
    const much = script('process.stdout.write("a".repeat(5000) + "end")');
    await expect(call({ ...much, tail_kb: 1 })).resolves.toMatchObject({ stdout: `${'a'.repeat(1021)}end` });
    await expect(
      call({ argv: ['/bin/sh', '-c', 'yes'], env_allow: ['PATH'], max_output_kb: 64 }),
    ).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('printed more than 64 KB and was stopped') as string,
    });
  });

  it('is stopped with all that it started when its time is up, or the run ends', async () => {
    const workspace = makeWorkspace();
    const line = 'echo $$ > pid.$1; sleep 60 & sleep 60';
    const sleeper = (name: string) => ({
      argv: ['/bin/sh', '-c', line, 'sh', name],
      env_allow: ['PATH'],
      kill_grace_s: 0.1,
    });
    const group = async (name: string) => {
      const { existsSync } = await import('node:fs');
      const file = join(workspace, 'tools/it', `pid.${name}`);
      await eventually(() => existsSync(file) && readFileSync(file, 'utf8').trim() !== '');
      return Number(readFileSync(file, 'utf8'));
    };
    await expect(call(sleeper('time'), {}, { workspace, more: { timeout_s: 0.5 } })).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('did not end within 0.5 s and was stopped') as string,
    });
    const first = await group('time');
    await eventually(() => processesOfGroup(first).length === 0);

    const stop = new AbortController();
    const run = call(sleeper('run'), {}, { workspace, signal: stop.signal });
    const second = await group('run');
    stop.abort(new Error('cancelled'));
    await expect(run).rejects.toThrow('cancelled');
    await eventually(() => processesOfGroup(second).length === 0);
  });

  it('runs sixteen at once, and the others when those end', async () => {
    const workspace = makeWorkspace();
    const folder = join(workspace, 'tools/it');
    const line = 'echo start >> ledger; until [ -e go ]; do sleep 0.05; done; echo end >> ledger';
    const { tools } = load({ argv: ['/bin/sh', '-c', line], env_allow: ['PATH'] }, {}, { workspace });
    const signal = new AbortController().signal;
    const runs = Array.from({ length: 20 }, () => tools[0]!.tool.run({}, { signal } as ToolCall));
    const told = () => readFileSync(join(folder, 'ledger'), 'utf8').trim().split('\n');
    await eventually(() => told().length >= 16);
    writeFileSync(join(folder, 'go'), '');
    await Promise.all(runs);
    let [running, most] = [0, 0];
    for (const word of told()) most = Math.max(most, (running += word === 'start' ? 1 : -1));
    expect([running, most]).toEqual([0, 16]);
  });

  it('was surely not started when its turn does not come in half of its time', async () => {
    const { tools } = load({ argv: ['/bin/sleep', '60'], kill_grace_s: 0.1 }, {}, { more: { timeout_s: 2 } });
    const { signal } = new AbortController();
    const run = () => tools[0]!.tool.run({}, { signal } as ToolCall).catch((error: unknown) => error as Error);
    const errors = (await Promise.all(Array.from({ length: 17 }, run))) as Error[];
    const [late, ...others] = errors.filter(({ name }) => name === 'NoEffectError');
    expect(late?.message).toContain('/bin/sleep was not started: 16 commands run already');
    expect(others).toEqual([]);
    expect(errors.filter(({ message }) => message.includes('did not end within 2 s'))).toHaveLength(16);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['a shell line', { argv: 'ls -l' }, /command.argv: expected array/],
    ['no program', { argv: [''] }, /argv\[0\]: names no program/],
    ['a program from an argument', { argv: ['{{args.x}}'] }, /command.argv\[0\]: the program cannot come from an argument/],
    ['a search path from an argument', { argv: ['a'], env: { PATH: '{{args.x}}' } }, /command.env.PATH: cannot come from an argument/],
    ['a folder from an argument', { argv: ['a'], cwd: '{{args.x}}' }, /command.cwd: cannot come from an argument/],
    ['a folder out of the workspace', { argv: ['a'], cwd: '../..' }, /command.cwd: leads out of the workspace/],
    ['a value that is no parameter', { argv: ['a', '{{args.y}}'] }, /command.argv\[1\]: \{\{args.y\}\} is not in parameters/],
    ['a value of the gateway', { argv: ['a', '{{env.X}}'] }, /unknown placeholder \{\{env.X\}\}/],
    ['a variable that is ours', { argv: ['a'], env: { LONGHAUL_IDEMPOTENCY_KEY: 'x' } }, /is set by the gateway/],
  ])('does not load with %s', (_, command, message) => {
    const { tools, problems } = load(command, { x: 'a' });
    expect(tools).toEqual([]);
    expect(problems[0]?.message).toMatch(message);
  }); // prettier-ignore
});
