import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeWorkspace } from '@longhaul/config/testing';
import { VERSION } from '@longhaul/gateway';
import { VERSION as CLI_VERSION } from '../../apps/cli/src/version';
import { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { GatewayProcess, longhaul } from '../support/gateway-process';

const ROOT = join(__dirname, '../..');

describe('longhaul', () => {
  it('says its version, which is that of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect([VERSION, CLI_VERSION]).toEqual([version, version]);
    expect(await longhaul(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('lists its commands, and the flags of one', async () => {
    const help = await longhaul(['--help']);
    expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('serve [options]') });
    const flags = await longhaul(['serve', '--help']);
    expect(flags.status).toBe(0);
    for (const flag of ['--workspace', '--api-only', '--worker-only', '--queues', '--host', '--port']) {
      expect(flags.stdout).toContain(flag);
    }
  });

  it.each([
    [['srve'], "unknown command 'srve'\n(Did you mean serve?)"],
    [['serve', 'workspace'], "too many arguments for 'serve'"],
    [[], 'Usage: longhaul'],
  ])('refuses %j with exit code 2, and says what it knows', async (args, said) => {
    const { status, stderr } = await longhaul(args);
    expect(stderr).toContain(said);
    expect(status).toBe(2);
  });
});

describe('longhaul serve', () => {
  it('ends with 0 upon SIGTERM while it still waits for PostgreSQL', async () => {
    const port = await freePort();
    const gateway = new GatewayProcess(
      ['--workspace', makeWorkspace()],
      { LONGHAUL_PERSISTENCE__BACKEND: 'postgres', LONGHAUL_PERSISTENCE__URL: `postgres://127.0.0.1:${port}/none` },
      '',
    );
    await gateway.until(() => gateway.log.includes('trying again'));
    expect(await gateway.signal('SIGTERM')).toBe(0);
  });
});

describe('longhaul serve on the sample workspace', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-command-'));
  let gateway: GatewayProcess;
  let api: ApiClient;

  beforeEach(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    gateway = new GatewayProcess(
      ['--workspace', join(ROOT, 'workspace'), '--port', String(port)],
      { LONGHAUL_PERSISTENCE__URL: join(folder, `${port}.db`), LONGHAUL_QUEUE__DRAIN_TIMEOUT_S: '600' },
      url,
    );
    await gateway.ready();
    api = new ApiClient(url);
  });
  afterEach(() => gateway.signal('SIGKILL'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('prints a line to paste that works as printed, and ends with 0 upon SIGTERM', async () => {
    await gateway.until(() => gateway.log.includes('curl '));
    const line = gateway.log.split('\n').find((text) => text.trim().startsWith('curl ')) ?? '';
    expect(JSON.parse(await paste(line))).toMatchObject({
      agent: 'assistant',
      status: 'completed',
      output: { text: expect.stringContaining('You said: Hello') },
    });
    expect(await gateway.signal('SIGTERM')).toBe(0);
  });

  it('lets what runs finish upon SIGTERM, and ends at once, with 1, upon a second one', async () => {
    const id = await api.submit('research-agent', { context: { demo: { sleep_ms: 600_000 } } });
    await eventually(async () => (await api.execution(id)).status === 'running');
    const end = gateway.signal('SIGTERM');
    await gateway.until(() => gateway.log.includes('draining 1 executions'));
    expect(await api.execution(id)).toMatchObject({ status: 'running' });
    void gateway.signal('SIGTERM');
    expect(await end).toBe(1);
  });
});

/** What a person would do with the line; without curl, the same request by other means. */
async function paste(line: string): Promise<string> {
  const run = promisify(execFile);
  const curlIsThere = await run('sh', ['-c', 'command -v curl']).then(
    () => true,
    () => false,
  );
  if (curlIsThere) return (await run('sh', ['-c', line])).stdout;
  const [, url = '', type = '', body = ''] = /curl -s (\S+) -H 'Content-Type: ([^']+)' -d '([^']+)'/.exec(line) ?? [];
  return (await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })).text();
}
