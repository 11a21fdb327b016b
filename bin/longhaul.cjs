#!/usr/bin/env node
// The door to the command line: finds a Node that can run it, builds what is not built, and hands over.
const { spawn, spawnSync } = require('node:child_process');
const { existsSync, readdirSync, statSync, utimesSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const main = join(root, 'dist/apps/cli/src/main.js');
const REQUIRED = [24, 15];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < REQUIRED[0] || (major === REQUIRED[0] && minor < REQUIRED[1])) {
  // npm installs a Node of the right version next to the other packages; a silent crash of the SQLite driver
  // under an older one is what this prevents.
  const own = join(root, 'node_modules/node/bin/node');
  if (!existsSync(own)) {
    console.error(
      `longhaul needs Node ${REQUIRED.join('.')} or later, this is ${process.version}: run npm ci, or update Node`,
    );
    process.exit(2);
  }
  const child = spawn(own, [...process.execArgv, __filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; passed on as well it would count as the second one, which ends without a drain.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
} else {
  if (isStale()) {
    console.error('building…');
    const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
    const { status } = spawnSync(process.execPath, [nest, 'build', 'cli'], { cwd: root, stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
    // An incremental build leaves untouched what came out the same.
    utimesSync(main, new Date(), new Date());
  }
  require(main);
}

/** In a checkout: a source is newer than the build. In an image there are no sources, and the build is what it is. */
function isStale() {
  if (!existsSync(main)) return true;
  if (!existsSync(join(root, 'tsconfig.json'))) return false;
  const built = statSync(main).mtimeMs;
  return ['apps', 'libs', 'packages'].some((folder) => newest(join(root, folder)) > built);
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(path));
    else if (entry.name.endsWith('.ts')) latest = Math.max(latest, statSync(path).mtimeMs);
  }
  return latest;
}
