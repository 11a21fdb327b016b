import { basename } from 'node:path';
import { freePort } from '../free-port';
import { findServer } from './server-binary';
import { dockerRun, firstAnswer, groupControl, serverFolder } from './server-folder';
import { TestServer } from './test-server';

/** A private Redis. `args` are its own options, such as `--maxmemory-policy allkeys-lru`. Nothing is persisted. */
export async function startRedis(options: { args?: string[] } = {}): Promise<TestServer> {
  const source = findServer({
    name: 'redis',
    binary: 'redis-server',
    image: 'redis:7-alpine',
    aptPackage: 'redis-server',
  });
  const [port, directory] = [await freePort(), await serverFolder('redis')];
  const args = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction', ...(options.args ?? [])];
  const run =
    source.kind === 'binary'
      ? { argv: [source.path, '--port', `${port}`, '--bind', '127.0.0.1', ...args], control: groupControl }
      : dockerRun(basename(directory), ['-p', `127.0.0.1:${port}:6379`], source.image, ['redis-server', ...args]);
  return TestServer.start({
    ...run,
    name: 'Redis',
    url: `redis://127.0.0.1:${port}/0`,
    directory,
    isReady: async () => (await firstAnswer(port, 'PING\r\n')).toString().startsWith('+PONG'),
    readyWithinMs: 20_000,
  });
}
