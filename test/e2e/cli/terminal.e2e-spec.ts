import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import { CliGateway } from './cli-gateway';
import { hasTerminal, spawnOnTerminal } from './spawn-shell';

const MAIN = join(__dirname, '../../../dist/apps/cli/src/main.js');

/** Skipped, visibly, where there is no terminal to be had. */
const itOnTerminal = hasTerminal ? it : it.skip;

describe('longhaul on a terminal', () => {
  let gateway: CliGateway;
  beforeAll(async () => (gateway = await CliGateway.start()));
  afterAll(() => gateway.stop());

  itOnTerminal('draws a progress bar while it waits, and leaves only the result', async () => {
    const line = `run slow Hello --context '{"demo":{"sleep_ms":400}}'`;
    const shown = await spawnOnTerminal(line, { LONGHAUL_URL: gateway.url });
    expect(shown).toMatch(/[█░]{24} \d+ %/);
    const left = shown.slice(shown.lastIndexOf('\u001B[K') + 3);
    expect(left).toMatch(/^You said: Hello/);
  });

  itOnTerminal('lets no text of an agent direct it', async () => {
    const title = `"$(printf 'a\\033]0;mine\\007b')"`;
    for (const line of [`run quick ${title}`, `run quick ${title} --watch`]) {
      const shown = await spawnOnTerminal(line, { LONGHAUL_URL: gateway.url });
      expect(shown).toContain('You said: a]0;mineb');
      expect(shown).not.toContain('\u001B]');
    }
  });

  itOnTerminal('lets no log direct it', async () => {
    const { execution_id: id } = await gateway.json<Record<string, string>>('run', 'quick', 'a\u001B]0;mine\u0007b');
    const shown = await spawnOnTerminal(`logs ${id}`, { LONGHAUL_URL: gateway.url });
    expect(shown).toContain('You said: a]0;mineb');
    expect(shown).not.toContain('\u001B]');
  });

  it('lets no text of an agent direct it from the record, the journal or the conversation either', async () => {
    const bad = 'a\u001B]0;mine\u0007\u202Eb';
    const options = ['--tag', bad, '--correlation-id', 'from-terminal'];
    const said = await gateway.json<Record<string, string>>('run', 'quick', bad, ...options);
    const { execution_id: id, conversation_id: conversation } = said;
    for (const [args, seen] of [
      [['executions', 'get', id], 'You said: a]0;mineb'],
      [['executions', 'steps', id, '--results'], 'You said: a'],
      [['executions', 'list', '--correlation', 'from-terminal'], id],
      [['conversations', 'show', conversation], 'You said: a]0;mineb'],
    ] as [string[], string][]) {
      const { stdout } = await gateway.run(args);
      expect(stdout).toContain(seen);
      for (const control of ['\u001B', '\u0007', '\u202E']) expect(stdout).not.toContain(control);
    }
  });

  itOnTerminal('is coloured, unless NO_COLOR asks otherwise', async () => {
    const coloured = await spawnOnTerminal('health', { LONGHAUL_URL: gateway.url });
    expect(coloured).toContain('\u001B[32mok\u001B[39m');
    expect(await spawnOnTerminal('health', { LONGHAUL_URL: gateway.url, NO_COLOR: '1' })).not.toContain('\u001B');
  });

  it.each([
    ['run', (_id: string) => ['run', 'slow', 'x', '--context', '{"demo":{"sleep_ms":3600000}}', '--tag', 'ctrl-c']],
    ['watch', (id: string) => ['watch', id]],
    ['logs -f', (id: string) => ['logs', '-f', id]],
  ])('%s lets go upon Ctrl-C, says how to go on, and the execution does', async (name, args) => {
    const endless = await gateway.endless();
    const env = { PATH: process.env['PATH'], LONGHAUL_URL: gateway.url };
    const child = spawn(process.execPath, [MAIN, ...args(endless)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const id = await eventually(async () => {
      if (name !== 'run') return output.includes('execution.started') && endless;
      const [found] = (
        await gateway.json<{ items: { execution_id: string }[] }>(
          'executions',
          'list',
          '--tag=ctrl-c',
          '--status=running',
        )
      ).items;
      return found?.execution_id ?? false;
    });
    child.kill('SIGINT');
    await once(child, 'close');
    expect(child.exitCode).toBe(130);
    expect(output).toContain(`detached: ${id} goes on`);
    expect(output).toContain(`executions cancel ${id}`);
    expect(output).toContain(`watch ${id}`);
    expect(await gateway.api.execution(id)).toMatchObject({ status: 'running' });
    await gateway.run(['executions', 'cancel', id]);
  });
});
