// `npm run build:client`: dist/, what `npm pack` in packages/client takes along: once as ES modules, once as CommonJS.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(`${folder}dist`, { recursive: true, force: true });
for (const form of ['cjs', 'esm']) {
  execFileSync(process.execPath, [tsc, '-p', `${folder}tsconfig.${form}.json`], { stdio: 'inherit' });
  const type = form === 'esm' ? 'module' : 'commonjs';
  writeFileSync(`${folder}dist/${form}/package.json`, `${JSON.stringify({ type })}\n`);
}
