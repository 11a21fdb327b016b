import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';

const ROOT = join(__dirname, '../../..');
const EXAMPLE = join(ROOT, 'examples/embedded-nest');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** The example where a stranger has it: beside the packed gateway, with nothing of this repository within reach. */
function installExample(folder: string): void {
  cpSync(EXAMPLE, folder, {
    recursive: true,
    filter: (path) => !/\/(dist|data)(\/|$)/.test(path.slice(EXAMPLE.length)),
  });
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'longhaul'), { recursive: true });
  // What npm would install; the scopes by themselves, so that ours are not there.
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name.startsWith('.') || name.startsWith('@longhaul')) continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  const packed = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const archive = join(folder, packed.trim());
  execFileSync('tar', ['-xzf', archive, '-C', join(modules, 'longhaul'), '--strip-components=1']);
}

describe('examples/embedded-nest, with the packed gateway', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-example-'));
  let shop: ChildProcess;
  let url = '';
  let log = '';

  beforeAll(async () => {
    installExample(folder);
    execFileSync(process.execPath, [TSC, '-p', folder], { stdio: 'pipe' });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    shop = spawn(process.execPath, [join(folder, 'dist/main.js')], {
      cwd: folder,
      env: { PATH: process.env['PATH'], PORT: String(port) },
    });
    for (const stream of [shop.stdout, shop.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await eventually(() => log.includes('the shop listens') || Promise.reject(new Error(log)), { timeoutMs: 60_000 });
  });
  afterAll(() => {
    shop.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers the lines of its README as its README says', async () => {
    const lines = readFileSync(join(EXAMPLE, 'README.md'), 'utf8').split('\n');
    const answers = await Promise.all(lines.filter((line) => line.startsWith('curl ')).map((line) => paste(line, url)));
    expect(answers).toEqual([
      { status: 'completed', output: { order: 'A-1', refund: true, total: 40 }, error: null },
      expect.objectContaining({ agent: 'refund', output: { order: 'A-2', refund: false, total: 900 } }),
      expect.objectContaining({ agent: 'assistant', status: 'completed' }),
      expect.objectContaining({ code: 'invalid_request', errors: [{ path: 'input.order', message: 'is required' }] }),
    ]);
    await eventually(() => log.includes('assistant completed'));
  });

  it('ends upon SIGTERM', async () => {
    const exit = once(shop, 'exit');
    shop.kill('SIGTERM');
    expect(await exit).toEqual([null, 'SIGTERM']);
  });
});

/** The request of a line with curl, whether or not this machine has one. */
async function paste(line: string, base: string): Promise<unknown> {
  const [, path = ''] = /http:\/\/127\.0\.0\.1:3000(\S*)/.exec(line) ?? [];
  const headers = [...line.matchAll(/-H '([^:]+): ([^']+)'/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const [, body] = /-d '([^']+)'/.exec(line) ?? [];
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : { body }),
  });
  return answer.json();
}
