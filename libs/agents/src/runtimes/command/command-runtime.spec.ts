import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { RunAborted, type ExecutionContext } from '@longhaul/executions';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { eventually } from '../../../../../test/support/eventually';
import { processesOfGroup } from '../../../../../test/support/process-groups';
import { resolveDefinition } from '../../definition/resolve-definition';
import { loadAgentFiles } from '../../loading/load-agent-files';
import { CommandRuntime } from './command-runtime';
import type { OutputDelta } from './output-log';

const defaults = { model: 'demo/echo', executionMode: 'async', maxRetries: 3, routes: {} } as const;
const GATEWAY: Record<string, string> = { PATH: '/usr/bin:/bin', SECRET: 'hidden', TOKEN: 'shown' };
const node = process.execPath;

interface Said {
  type: string;
  data: JsonObject;
}

/** One run of the agent that this command makes, and what it said to the world. */
function start(command: JsonObject, options: { input?: JsonValue; workspace?: string; signal?: AbortSignal } = {}) {
  const workspace = options.workspace ?? makeWorkspace();
  const frontMatter = JSON.stringify({ runtime: 'command', command });
  const holder = makeWorkspace({ 'agents/it/AGENT.md': `---\n${frontMatter}\n---\n` });
  const { agents, problems } = loadAgentFiles(holder);
  expect(problems).toEqual([]);
  const [file] = agents;
  if (!file) throw new Error('it did not load');
  mkdirSync(join(workspace, 'agents/it'), { recursive: true });
  const agent = resolveDefinition({ ...file, hasCode: false }, defaults);
  const said: Said[] = [];
  const progress: [number, string | undefined][] = [];
  const context = {
    executionId: 'exec_1',
    runId: 'run_1',
    attempt: 2,
    input: options.input ?? {},
    signal: options.signal ?? new AbortController().signal,
    events: { append: (type: string, data: JsonObject) => Promise.resolve(void said.push({ type, data })) },
    progress: (percent: number, message?: string) => progress.push([percent, message]),
    heartbeat: () => undefined,
  };
  const runtime = new CommandRuntime({ workspace, defaults, variable: (name) => GATEWAY[name] });
  const result = runtime.run(agent, context as unknown as ExecutionContext);
  const deltas = () => said.filter(({ type }) => type === 'output.delta').map(({ data }) => data as OutputDelta);
  const text = (channel: string) =>
    deltas()
      .filter((data) => data.channel === channel)
      .map((data) => data.text)
      .join('');
  return { said, progress, result, deltas, text, workspace };
}

const script = (code: string, ...args: string[]) => ({ argv: [node, '-e', code, ...args] });
const shell = (line: string, ...args: string[]) => ({ argv: ['/bin/sh', '-c', line, 'sh', ...args] });

describe('a command agent', () => {
  it('answers exit code and tails, and streams both channels between the events of its step', async () => {
    const { said, result, text } = start(shell('echo out; echo err >&2'));
    expect(await result).toEqual({ output: { exit_code: 0, stdout_tail: 'out\n', stderr_tail: 'err\n' } });
    expect({ stdout: text('stdout'), stderr: text('stderr') }).toEqual({ stdout: 'out\n', stderr: 'err\n' });
    expect(said.map(({ type }) => type)).toEqual(['step.started', 'output.delta', 'output.delta', 'step.completed']);
    const [step, ...others] = new Set(said.map(({ data }) => data['step_id']));
    expect([step, others]).toEqual([expect.stringMatching(/^step_/), []]);
    expect(said[0]?.data).toMatchObject({ kind: 'command', name: '/bin/sh' });
  });

  it('fails for good with the exit code, both tails and the last line', async () => {
    const { said, result } = start(shell('echo out; echo first >&2; echo last >&2; exit 3'));
    await expect(result).rejects.toMatchObject({
      code: 'command_failed',
      retryable: false,
      message: '/bin/sh ended with exit code 3: last',
      details: { exit_code: 3, stdout_tail: 'out\n', stderr_tail: 'first\nlast\n' },
    });
    expect(said.at(-1)).toMatchObject({ type: 'step.failed', data: { error: { code: 'command_failed' } } });
  });

  it.each([
    ['an exit code', 'exit 75', true],
    ['a signal, as 128 and its number', 'kill -9 $$', true],
    ['no other', 'exit 76', false],
  ])('may succeed later after %s that it names', async (_, line, retryable) => {
    const { result } = start({ ...shell(line), retry_exit_codes: [75, 137] });
    await expect(result).rejects.toMatchObject({ code: 'command_failed', retryable });
  });

  it('says which signal killed it', async () => {
    await expect(start(shell('kill -SEGV $$')).result).rejects.toMatchObject({
      message: expect.stringContaining('killed by SIGSEGV, not by the gateway'),
      details: { exit_code: null, signal: 'SIGSEGV' },
    });
  });

  it('gets its arguments as they are, and no shell reads them', async () => {
    const hostile = `$(touch pwned) ; "x" 'y' \`z\` * \n end`;
    const { result } = start(
      script('process.stdout.write(JSON.stringify(process.argv.slice(1)))', '{{input.message}}'),
      {
        input: { message: hostile },
      },
    );
    expect(JSON.parse((await result).output?.['stdout_tail' as never] ?? '')).toEqual([hostile]);
  });

  it('has the environment that its file names, and nothing else', async () => {
    const command = {
      ...script('process.stdout.write(JSON.stringify(process.env))'),
      env: { A: 'b c', SAID: '{{input.message}}', grace: 'mine' },
      env_allow: ['TOKEN', 'NOT_THERE'],
    };
    const { result, text } = start(command, { input: { message: '$HOME' } });
    await result;
    expect(JSON.parse(text('stdout'))).toEqual({
      A: 'b c',
      grace: 'mine',
      SAID: '$HOME',
      TOKEN: 'shown',
      LONGHAUL_EXECUTION_ID: 'exec_1',
      LONGHAUL_RUN_ID: 'run_1',
      LONGHAUL_ATTEMPT: '2',
    });
  });

  it('finds its program in the PATH that it gets, and has nothing to read', async () => {
    const { result } = start({ argv: ['cat'], env_allow: ['PATH'] });
    expect(await result).toMatchObject({ output: { exit_code: 0, stdout_tail: '' } });
  });

  it("runs in its own directory, or in one of the workspace's", async () => {
    const own = start(shell('pwd -P'));
    expect(await own.result).toMatchObject({ output: { stdout_tail: expect.stringMatching(/\/agents\/it\n$/) } });
    const workspace = makeWorkspace({ 'projects/x/note': '' });
    symlinkSync('projects', join(workspace, 'link'));
    const named = start({ ...shell('pwd -P'), cwd: './link/x' }, { workspace });
    expect(await named.result).toMatchObject({ output: { stdout_tail: expect.stringMatching(/\/projects\/x\n$/) } });
  });

  it('is told a program beside its AGENT.md by a path', async () => {
    const workspace = makeWorkspace({ 'agents/it/go.sh': '#!/bin/sh\necho gone\n' });
    chmodSync(join(workspace, 'agents/it/go.sh'), 0o755);
    expect(await start({ argv: ['./go.sh'] }, { workspace }).result).toMatchObject({
      output: { stdout_tail: 'gone\n' },
    });
  });

  const outside = makeWorkspace();
  const held = makeWorkspace({ 'agents/it/plain': '#!/bin/sh\n', file: '' });
  symlinkSync(outside, join(held, 'out'));
  it.each<[name: string, command: JsonObject, message: RegExp]>([
    [
      'a program that is not there',
      { argv: ['no-such-program'] },
      /"no-such-program" was not found in PATH \(.*env_allow: \[PATH\]/,
    ],
    ['a path that is not there', { argv: ['./none'] }, /"\.\/none" .*is not there/],
    ['a file that may not be executed', { argv: ['./plain'] }, /may not be executed: chmod \+x/],
    ['a directory as its program', { argv: ['..//it'] }, /is not a file/],
    ['a working directory that is not there', { argv: ['ls'], cwd: 'none' }, /command\.cwd "none" is not there: make/],
    ['a file as its working directory', { argv: ['ls'], cwd: 'file' }, /command\.cwd "file" is not a directory/],
    ['a link out of the workspace', { argv: ['ls'], cwd: 'out' }, /command\.cwd "out" leads out of the workspace/],
  ])('is unavailable for good with %s', async (_, command, message) => {
    const { result, said } = start(command, { workspace: held });
    const refusal = { code: 'agent_unavailable', retryable: false, message: expect.stringMatching(message) };
    await expect(result).rejects.toMatchObject(refusal);
    expect(said).toEqual([]);
  });

  it.each([
    ['a missing value', {}, /input\.message: is missing/],
    ['more than fits into a command', { message: 'x'.repeat(200_000) }, /arguments are too long/],
  ])('refuses %s for good', async (_, input, message) => {
    const refusal = { code: 'invalid_input', retryable: false, message: expect.stringMatching(message) };
    await expect(start({ argv: ['/bin/echo', '{{input.message}}'] }, { input }).result).rejects.toMatchObject(refusal);
  });

  it('streams while it runs: what is printed can be answered', async () => {
    const workspace = makeWorkspace({ 'agents/it/x': '' });
    const { result, text } = start(shell('echo ready; until [ -e go ]; do sleep 0.02; done; echo seen'), { workspace });
    await eventually(() => text('stdout') === 'ready\n');
    mkdirSync(join(workspace, 'agents/it/go'));
    expect(await result).toMatchObject({ output: { stdout_tail: 'ready\nseen\n' } });
  });

  it('reports progress by its pattern', async () => {
    const command = { ...shell('printf "1 of 4\\n2 of 4\\r4 of 4"'), progress_pattern: '(\\d+) of (\\d+)' };
    const { result, progress } = start(command);
    await result;
    expect(progress.at(-1)).toEqual([100, '4 of 4']);
  });

  it('keeps characters whole that come in pieces, and makes text of what is none', async () => {
    const pieces = `const w = (b) => new Promise((r) => process.stdout.write(Buffer.from(b), () => setTimeout(r, 20)));
      (async () => { await w([0xf0, 0x9f]); await w([0x9a]); await w([0x9a, 0, 0xff, 0xfe]); })()`;
    const { result, text } = start(script(pieces));
    await result;
    expect(text('stdout')).toBe('🚚\ufffd\ufffd\ufffd');
  });

  it('takes three hundred megabytes in bounded memory, stores the beginning and answers the end', async () => {
    const big = shell('head -c 314572800 /dev/zero | tr "\\0" x; echo; echo end');
    const before = process.memoryUsage().rss;
    let most = 0;
    const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    const { result, text } = start({ ...big, max_output_kb: 100, tail_kb: 1, env: { PATH: '/usr/bin:/bin' } });
    const { output } = await result.finally(() => clearInterval(sampling));
    expect(most - before).toBeLessThan(150 * 1024 * 1024);
    expect(text('stdout').slice(0, 102_400)).toBe('x'.repeat(102_400));
    expect(text('stdout').slice(102_400)).toMatch(/^\n\[more than 100 KB of output: .*\]\n$/);
    expect(output).toMatchObject({ stdout_tail: `${'x'.repeat(1019)}\nend\n` });
  });

  it('runs many at once, each with its own output', async () => {
    const runs = Array.from({ length: 30 }, (_, n) => start(shell('echo "$1"; exec sleep 0.1', String(n))));
    const outputs = await Promise.all(runs.map(({ result }) => result));
    expect(outputs.map(({ output }) => (output as JsonObject)['stdout_tail'])).toEqual(runs.map((_, n) => `${n}\n`));
  });

  it('starts nothing when it was told to stop before', async () => {
    const reason = new RunAborted('cancel');
    const { result, said } = start(shell('echo out'), { signal: AbortSignal.abort(reason) });
    await expect(result).rejects.toBe(reason);
    expect(said.map(({ type }) => type)).not.toContain('output.delta');
  });

  it.each(['cancel', 'timeout', 'drain', 'lease_lost'] as const)('ends with all its children upon: %s', async (why) => {
    const abort = new AbortController();
    const stubborn = "trap '' TERM; sleep 600 & echo $$; wait; sleep 600";
    const command = { ...shell(stubborn), kill_grace_s: 0.2, env: { PATH: '/usr/bin:/bin' } };
    const { result, text } = start(command, { signal: abort.signal });
    const group = await eventually(() => Number(text('stdout')) || false);
    await eventually(() => processesOfGroup(group).length >= 3);
    const reason = new RunAborted(why);
    abort.abort(reason);
    await expect(result).rejects.toBe(reason);
    await eventually(() => processesOfGroup(group).length === 0);
  });

  it('may end by itself when it is asked to, and what it says then is stored', async () => {
    const abort = new AbortController();
    const { result, text } = start(shell("trap 'echo bye; exit 0' TERM; echo on; while :; do sleep 0.05; done"), {
      signal: abort.signal,
    });
    await eventually(() => text('stdout') === 'on\n');
    abort.abort(new RunAborted('cancel'));
    await expect(result).rejects.toBeInstanceOf(RunAborted);
    expect(text('stdout')).toBe('on\nbye\n');
  });

  it('leaves nothing behind that it started in the background', async () => {
    const { result, text } = start({ ...shell('sleep 600 & echo $$'), env: { PATH: '/usr/bin:/bin' } });
    expect(await result).toMatchObject({ output: { exit_code: 0 } });
    await eventually(() => processesOfGroup(Number(text('stdout'))).length === 0);
  });

  it('does not wait for a process that left its group and holds the output', async () => {
    const leave = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], { detached: true, stdio: 'inherit' });
      child.unref(); console.log(child.pid)`;
    const { result, text } = start(script(leave));
    await result;
    process.kill(Number(text('stdout')), 'SIGKILL');
  });
});
