import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { freePort } from '../../support/free-port';
import { GatewayProcess, longhaul } from '../../support/gateway-process';

const FILES = ['gateway.yaml', 'agents/assistant/AGENT.md', '.gitignore', '.env.example', 'README.md'];

describe('longhaul init', () => {
  it('writes a workspace that is in order, serves, and answers', async () => {
    const folder = join(makeWorkspace(), 'new');
    const { stdout, stderr, status } = await longhaul(['init', folder]);
    expect({ lines: stdout.trim().split('\n').length, status }).toEqual({ lines: FILES.length, status: 0 });
    expect(stderr).toContain('serve -w');
    expect(FILES.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    const checked = await longhaul(['config', 'check', '-w', folder, '--json']);
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, warnings: [] });

    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const gateway = new GatewayProcess(['-w', folder, '--port', String(port)], {}, url);
    await gateway.ready();
    const answer = await longhaul(['run', 'assistant', 'Hello', '--url', url]);
    expect(answer).toMatchObject({ status: 0, stdout: expect.stringMatching(/^You said: Hello/) });
    await gateway.signal('SIGKILL');
  });

  it('writes nothing over what is there, unless it is told to', async () => {
    const folder = makeWorkspace({ 'gateway.yaml': '# mine\n' });
    const refused = await longhaul(['init', folder]);
    expect(refused).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('has gateway.yaml already'),
    });
    expect(existsSync(join(folder, 'agents'))).toBe(false);
    expect(readFileSync(join(folder, 'gateway.yaml'), 'utf8')).toBe('# mine\n');
    const forced = await longhaul(['init', folder, '--force', '--json']);
    expect(JSON.parse(forced.stdout)).toEqual({ workspace: folder, files: FILES });
    expect(readFileSync(join(folder, 'gateway.yaml'), 'utf8')).toContain('backend: memory');
  });

  it('refuses a file', async () => {
    const file = join(makeWorkspace({ file: '' }), 'file');
    expect(await longhaul(['init', file])).toMatchObject({ status: 2, stderr: expect.stringContaining('is a file') });
  });
});

describe('longhaul config', () => {
  const WRONG = 'queue: { backend: kafka, wrkers: 3 }\nserver: { port: 99999 }\n';

  it('print shows each value, where it came from, and no secret', async () => {
    const yaml = 'queue: { backend: redis, redis_url: "redis://me:hidden-hidden@127.0.0.1:1/0" }\n';
    const workspace = makeWorkspace({ 'gateway.yaml': yaml });
    const env = { LONGHAUL_QUEUE__WORKERS: '7' };
    const { stdout, status } = await longhaul(['config', 'print', '-w', workspace], env);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^queue\.backend +"redis" +yaml$/m);
    expect(stdout).toMatch(/^queue\.workers +7 +env$/m);
    expect(stdout).toMatch(/^server\.port +8000 +default$/m);
    expect(stdout).not.toContain('hidden');
    const asJson = await longhaul(['config', 'print', '-w', workspace, '--json'], env);
    const { entries } = JSON.parse(asJson.stdout) as { entries: object[] };
    expect(entries).toContainEqual({ key: 'queue.workers', value: 7, source: 'env' });
  });

  it('check says everything that is wrong at once, with exit code 2', async () => {
    const workspace = makeWorkspace({ 'gateway.yaml': WRONG });
    const { stdout, stderr, status } = await longhaul(['config', 'check', '-w', workspace]);
    for (const text of ['queue.backend', 'queue.wrkers', 'did you mean "workers"?', 'server.port'])
      expect(stderr).toContain(text);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    const asJson = await longhaul(['config', 'check', '-w', workspace, '--json']);
    const { ok, issues } = JSON.parse(asJson.stdout) as { ok: boolean; issues: unknown[] };
    expect({ ok, issues: issues.length, status: asJson.status }).toEqual({ ok: false, issues: 3, status: 2 });
  });

  it('schema is the one that is committed', async () => {
    const { stdout } = await longhaul(['config', 'schema']);
    const committed = readFileSync(join(__dirname, '../../../schema/gateway.json'), 'utf8');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(committed));
  });

  it.each([
    [['config', 'check', '-w', '/nowhere/at/all'], 'workspace: there is no directory /nowhere/at/all'],
    [['config', 'print', '-w', '/nowhere/at/all'], 'workspace: there is no directory /nowhere/at/all'],
    [['config', 'prnt'], "unknown command 'prnt'"],
    [['openapi', '-w', '/nowhere/at/all'], '--workspace: there is no directory /nowhere/at/all'],
  ])('%j is refused with exit code 2', async (args, said) => {
    expect(await longhaul(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(said) });
  });
});

describe('longhaul openapi -w', () => {
  it('prints the document of a workspace without a gateway', async () => {
    const workspace = makeWorkspace();
    mkdirSync(join(workspace, 'agents/sorter'), { recursive: true });
    const text = '---\ninput_schema: { type: object, properties: { topic: { type: string } } }\n---\nYou sort.\n';
    writeFileSync(join(workspace, 'agents/sorter/AGENT.md'), text);
    const { stdout, stderr, status } = await longhaul(['openapi', '-w', workspace]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ openapi: '3.1.0', paths: { '/v1/agents/sorter/invoke': {} } });
  });
});
