#!/usr/bin/env node
// The door to the command line: builds what is not built, finds a Node that can run it, and hands over.
const { existsSync, readdirSync, statSync, utimesSync } = require('node:fs');
const nodeModule = require('node:module');
const { join } = require('node:path');

const root = join(__dirname, '..');
const main = join(root, 'dist/apps/cli/src/main.js');
// npm installs a Node of the right version next to the other packages.
const own = join(root, 'node_modules/node/bin/node');

/** For a gateway: a silent crash of the SQLite driver under an older one is what this prevents. */
const GATEWAY_NODE = [24, 15];
/** For commands that only talk to one: the first that requires ES modules. */
const CLIENT_NODE = [20, 19];
const CLIENT_SOURCES = ['apps/cli/src', 'packages/client/src'];

const needsGateway = loadsTheGateway(process.argv.slice(2));
const required = needsGateway ? GATEWAY_NODE : CLIENT_NODE;

if (isOlderThan(required)) {
  if (!existsSync(own)) {
    console.error(
      `longhaul needs Node ${required.join('.')} or later, this is ${process.version}: run npm ci, or update Node`,
    );
    process.exit(2);
  }
  const { spawn } = require('node:child_process');
  const child = spawn(own, [...process.execArgv, __filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; passed on as well it would count as the second one, which ends without a drain.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
} else {
  if (isStale(needsGateway ? ['apps', 'libs', 'packages'] : CLIENT_SOURCES)) build();
  // Not in the folder that all users of the machine share, where another one could lay code for us.
  nodeModule.enableCompileCache?.(join(root, 'node_modules/.cache/longhaul'));
  require(main);
}

/** By the command's name alone; a flag before it is the program's own. */
function loadsTheGateway(args) {
  if (['serve', 'config', 'agents', 'tools', 'doctor', 'notify'].includes(args[0])) return true;
  return args[0] === 'openapi' && args.some((arg) => /^(-w|--workspace)/.test(arg));
}

function isOlderThan([requiredMajor, requiredMinor]) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < requiredMajor || (major === requiredMajor && minor < requiredMinor);
}

/** In a checkout: a source is newer than the build. In an image there are no sources, and the build is what it is. */
function isStale(folders) {
  if (!existsSync(main)) return true;
  if (!existsSync(join(root, 'tsconfig.json'))) return false;
  const built = statSync(main).mtimeMs;
  return folders.some((folder) => newest(join(root, folder)) > built);
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, entry.name === 'dist' ? 0 : newest(path));
    else if (entry.name.endsWith('.ts')) latest = Math.max(latest, statSync(path).mtimeMs);
  }
  return latest;
}

function build() {
  console.error('building…');
  const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  const node = existsSync(own) ? own : process.execPath;
  // Not a word on stdout, which belongs to the command.
  const { spawnSync } = require('node:child_process');
  const { status } = spawnSync(node, [nest, 'build', 'cli'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  // An incremental build leaves untouched what came out the same.
  utimesSync(main, new Date(), new Date());
}
