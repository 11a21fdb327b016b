import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { outOfTime, unavailable } from '../query-errors';
import type { SqliteAnswer, SqliteQuestion } from './read-sqlite';

/** Compiled along with this file, which imports its types; a test runs both as they are. */
const PROGRAM = join(__dirname, `read-sqlite${extname(__filename)}`);
/** A process that nobody asks anything is memory for nothing. */
const IDLE_MS = 30_000;

/** One process that reads one file, without an environment, for one question at a time. */
export class SqliteReader {
  private readonly child: ChildProcess;
  private idle: NodeJS.Timeout | undefined;
  private gone = false;

  constructor(path: string) {
    this.child = fork(PROGRAM, [path], { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.child.once('exit', () => (this.gone = true));
    this.child.on('error', () => this.kill());
    this.mayExit();
  }

  get isGone(): boolean {
    return this.gone || !this.child.connected;
  }

  kill(): void {
    this.gone = true;
    clearTimeout(this.idle);
    this.child.kill('SIGKILL');
  }

  /** Kills the process where the question outlives its time or `signal`: whoever holds it looks at `isGone` then. */
  async ask(question: SqliteQuestion, timeoutMs: number, signal?: AbortSignal): Promise<SqliteAnswer> {
    clearTimeout(this.idle);
    this.child.ref();
    this.child.channel?.ref();
    try {
      return await this.answerTo(question, timeoutMs, signal);
    } finally {
      this.mayExit();
    }
  }

  private answerTo(question: SqliteQuestion, timeoutMs: number, signal?: AbortSignal): Promise<SqliteAnswer> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.child.off('message', onMessage).off('exit', onExit);
        act();
      };
      const fail = (error: unknown) => {
        this.kill();
        settle(() => reject(error));
      };
      const onMessage = (said: unknown) => settle(() => resolve(said as SqliteAnswer));
      const onExit = () => fail(unavailable('the process that reads it ended, or needed more than 512 MiB of memory'));
      const onAbort = () => fail(signal?.reason);
      const timer = setTimeout(() => fail(outOfTime(timeoutMs)), timeoutMs);
      this.child.on('message', onMessage).on('exit', onExit);
      signal?.addEventListener('abort', onAbort);
      this.child.send(question, (error) => error && fail(unavailable(error.message, error)));
    });
  }

  /** Waiting for questions keeps nobody alive. */
  private mayExit(): void {
    this.child.unref();
    this.child.channel?.unref();
    if (!this.gone) this.idle = setTimeout(() => this.kill(), IDLE_MS).unref();
  }
}
