import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../support/free-port';
import { assertBuilt } from '../../support/gateway-process';

const MAIN = join(__dirname, '../../../dist/apps/cli/src/main.js');

/** What the command has loaded by its end, as far as it belongs to a gateway. */
async function loadedBy(args: string[]): Promise<string[]> {
  assertBuilt();
  const script = `
    process.argv.push(...${JSON.stringify(args)});
    process.on('exit', () => {
      const gateway = Object.keys(require.cache).filter((path) => /@nestjs|typeorm|zod|dist.libs.|dist.apps.(api|worker)/.test(path));
      // The first of them say enough, and a pipe may take no more at once.
      require('node:fs').writeSync(2, '\\nLOADED' + JSON.stringify(gateway.slice(0, 10)));
    });
    require(${JSON.stringify(MAIN)});`;
  const env = { LONGHAUL_URL: `http://127.0.0.1:${await freePort()}` };
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', script], { env }).catch(
    (error: { stderr: string }) => error,
  );
  return JSON.parse(stderr.slice(stderr.lastIndexOf('LOADED') + 6)) as string[];
}

describe('what is quick because it loads no gateway', () => {
  it.each([
    [['--version']],
    [['--help']],
    [['run', 'x', 'y']],
    [['watch', 'exec_x']],
    [['logs', 'exec_x']],
    [['executions', 'list']],
    [['executions', 'get', 'exec_x']],
    [['executions', 'cancel', 'exec_x']],
    [['executions', 'retry', 'exec_x']],
    [['dlq', 'list']],
    [['dlq', 'redrive', 'exec_x']],
    [['health']],
    [['openapi']],
    [['init', '--help']],
  ])('%j', async (args) => {
    expect(await loadedBy(args)).toEqual([]);
  });

  it('is not so by accident: config loads what reads a configuration', async () => {
    expect(await loadedBy(['config', 'schema'])).not.toEqual([]);
  });
});
