import { mkdtemp } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function serverFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `longhaul-${name}-`));
}

/** Sends `greeting` to the port and gives the first bytes of the answer: the smallest proof that a server serves. */
export function firstAnswer(port: number, greeting: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(greeting, 'latin1'));
    const end = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(1_000, () => end(() => reject(new Error(`no answer on port ${port}`))));
    socket.once('data', (bytes) => end(() => resolve(bytes)));
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('close', () => reject(new Error(`port ${port} hung up`)));
  });
}

/** Signals a whole process group, the shell and whatever it started. */
export function groupControl(pid: number, signal: string): string {
  return `kill -s ${signal} -- -${pid} 2>/dev/null`;
}

/** A server in a container: the same folder mounted, so that what it had on disk outlives a kill. */
export function dockerRun(container: string, options: string[], image: string, args: string[]) {
  return {
    argv: ['docker', 'run', '--rm', '--name', container, ...options, image, ...args],
    control: (_pid: number, signal: string) => `docker kill --signal=${signal} ${container} >/dev/null 2>&1`,
  };
}
