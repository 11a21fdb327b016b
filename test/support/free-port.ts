import { createServer } from 'node:net';

/** Below those that the system gives to whoever asks for any; a part of its own for each worker of jest. */
const COUNT = 2_000;
const FIRST = 10_000 + COUNT * (Number(process.env['JEST_WORKER_ID'] ?? 0) % 10);
let next = Math.trunc(Math.random() * COUNT);

/** A TCP port of the loopback that nobody listens on. The system gives it to no other, and this worker of jest not soon again. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries += 1) {
    next = (next + 1) % COUNT;
    if (await isFree(FIRST + next)) return FIRST + next;
  }
  throw new Error(`no port from ${FIRST} to ${FIRST + COUNT - 1} is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
