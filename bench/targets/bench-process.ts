import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FromChild, Usage } from './child';

/** The flags with which npm start and the image start Node; floors and peers get them too. */
const AS_SERVED = ['--max-semi-space-size=8'];

export interface BenchProcessOptions {
  /** Shown in the report. */
  name: string;
  /** The compiled main file, with its arguments. */
  file: string;
  args: string[];
  /** Where its output goes. */
  folder: string;
  execArgv?: string[];
}

/** A process under measurement: the parent's side. */
export class BenchProcess {
  private constructor(
    readonly name: string,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when it serves. Rejects, with the end of its output, when it ends before that. */
  static async start({ name, file, args, folder, execArgv = [] }: BenchProcessOptions): Promise<BenchProcess> {
    const logFile = join(folder, `${name.replaceAll(/\W+/g, '-')}.log`);
    const log = openSync(logFile, 'a');
    const child = fork(file, args, { execArgv: [...AS_SERVED, ...execArgv], stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${name} ended before it served:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    });
    const [ready] = (await Promise.race([once(child, 'message'), ended])) as [FromChild];
    ended.catch(() => undefined);
    return new BenchProcess(name, ready.kind === 'ready' ? ready.url : '', child);
  }

  async usage(): Promise<Usage> {
    const answer = once(this.child, 'message');
    this.child.send('usage');
    const [usage] = (await answer) as [Usage];
    return usage;
  }

  /** Kills or freezes it, or lets it go on. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** SIGTERM, so that a process that drains or leaves a profile behind can do so. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}
