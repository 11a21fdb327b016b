import { fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { PermanentError, type Turns } from '@longhaul/kernel';
import type { PageAnswer, ReadablePage } from './read-page';

/** Compiled along with this file, which imports its types; a test runs it as it is. */
const PROGRAM = join(__dirname, `read-page${extname(__filename)}`);
const MAX_MS = 10_000;
const MEMORY_MIB = 256;

/**
 * What a person would read of a page, found by a process without an environment, once it has one of these `turns`.
 * Throws a PermanentError for a page that cannot be read, or not within 10 s and 256 MiB.
 */
export async function readablePage(
  html: string,
  url: string,
  signal: AbortSignal,
  turns: Turns,
): Promise<ReadablePage> {
  const giveBack = await turns.take(signal);
  try {
    return await readByProcess(html, url, signal);
  } finally {
    giveBack();
  }
}

function readByProcess(html: string, url: string, signal: AbortSignal): Promise<ReadablePage> {
  signal.throwIfAborted();
  const execArgv = [`--max-old-space-size=${MEMORY_MIB}`];
  const child = fork(PROGRAM, { env: {}, execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  return new Promise<ReadablePage>((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      act();
      child.kill('SIGKILL');
    };
    const unreadable = (why: string) =>
      settle(() => reject(new PermanentError(`the page cannot be read: ${why}`, { code: 'invalid_input' })));
    const onAbort = () => settle(() => reject(signal.reason as Error));
    const timer = setTimeout(() => unreadable(`it takes longer than ${MAX_MS / 1_000} s`), MAX_MS);
    signal.addEventListener('abort', onAbort);
    child.on('message', (said: PageAnswer) => {
      if ('failed' in said) unreadable(said.failed);
      else settle(() => resolve(said));
    });
    child.on('error', (error) => unreadable(error.message));
    child.on('exit', () => unreadable(`it needs more than ${MEMORY_MIB} MiB of memory`));
    child.send({ html, url }, (error) => error && unreadable(error.message));
  });
}
