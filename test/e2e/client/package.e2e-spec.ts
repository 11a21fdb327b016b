import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../../..');
const CLIENT = join(ROOT, 'packages/client');
const node = (args: string[], cwd = ROOT) => promisify(execFile)(process.execPath, args, { cwd });

const USES = `import { LonghaulClient, type Execution } from '@longhaul/client';
const client = new LonghaulClient({ url: 'http://127.0.0.1:8000' });
export const status = async (): Promise<Execution['status']> => (await client.get('exec_x')).status;
// @ts-expect-error: an agent is named by a string
void client.chat(1, 'x');
console.log(typeof status);
`;

describe('@longhaul/client', () => {
  it('has the types of openapi.json as it is now', async () => {
    await expect(node([join(CLIENT, 'scripts/generate.mjs'), '--check'])).resolves.toBeDefined();
  });

  describe('as it is packed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-package-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    beforeAll(async () => {
      await node([join(CLIENT, 'scripts/build.mjs')]);
      const { stdout } = await promisify(execFile)('npm', ['pack', '--pack-destination', folder], { cwd: CLIENT });
      const installed = join(folder, 'node_modules/@longhaul/client');
      mkdirSync(installed, { recursive: true });
      await promisify(execFile)('tar', ['xzf', join(folder, stdout.trim()), '--strip-components=1', '-C', installed]);
      for (const name of [
        'openapi-fetch',
        'openapi-typescript-helpers',
        'eventsource-parser',
        '@types',
        'undici-types',
      ])
        symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    });

    it.each([
      [
        'an ES module',
        'esm.mjs',
        `import { LonghaulClient } from '@longhaul/client'; console.log(typeof LonghaulClient)`,
      ],
      ['CommonJS', 'cjs.cjs', `console.log(typeof require('@longhaul/client').LonghaulClient)`],
    ])('is loaded by %s', async (_form, file, text) => {
      writeFileSync(join(folder, file), text);
      expect((await node([join(folder, file)])).stdout).toBe('function\n');
    });

    it.each(['uses.mts', 'uses.cts'])('is typed for %s, strictly', async (file) => {
      writeFileSync(join(folder, file), USES);
      const flags = '--noEmit --strict --module nodenext --target es2022 --types node'.split(' ');
      await expect(
        node([join(ROOT, 'node_modules/typescript/bin/tsc'), ...flags, file], folder),
      ).resolves.toBeDefined();
    });
  });
});
