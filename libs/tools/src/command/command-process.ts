import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { PermanentError, RetryableError } from '@longhaul/kernel';
import { GUARD_SCRIPT } from '../processes/guard-script';

const SHELL = '/bin/sh';

export interface CommandPlan {
  /** The file to execute, then its arguments. */
  argv: string[];
  cwd: string;
  /** All that the command gets. */
  env: Record<string, string>;
  /** Between SIGTERM and SIGKILL. */
  graceMs: number;
}

export interface CommandExit {
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * A running command, leader of a process group of its own. Whatever of the group is left is killed once the command has
 * ended, and all of it when this process ends, however it does: see guard-script.ts.
 */
export class CommandProcess {
  private stopping: NodeJS.Timeout | undefined;
  private over = false;

  private constructor(
    private readonly pid: number,
    readonly stdout: Readable,
    readonly stderr: Readable,
    /** Never rejects. By then the group is gone, but for what is on its way out. */
    readonly exited: Promise<CommandExit>,
    private readonly letGo: () => void,
    private readonly graceMs: number,
  ) {
    void exited.then(() => this.clear());
  }

  /** Throws `invalid_input` for arguments that are too long together, and retryably when no process can be made. */
  static async start({ argv, cwd, env, graceMs }: CommandPlan): Promise<CommandProcess> {
    try {
      const child = spawn(SHELL, ['-c', GUARD_SCRIPT, 'sh', String(graceMs / 1000), ...argv], {
        cwd,
        env,
        // A group of its own.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      });
      const { pid, stdout, stderr } = child;
      const lifeline = child.stdio[3];
      if (pid === undefined || !stdout || !stderr || !lifeline)
        throw await once(child, 'error').then(([error]) => error);
      // A guard that was killed is no reason to crash.
      lifeline.on('error', () => undefined);
      const exited = new Promise<CommandExit>((resolve) => {
        child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
      });
      return new CommandProcess(pid, stdout, stderr, exited, () => lifeline.destroy(), graceMs);
    } catch (error) {
      throw startFailure(error as NodeJS.ErrnoException);
    }
  }

  /** SIGTERM to the group now, SIGKILL after the grace. */
  stop(): void {
    if (this.stopping || this.over) return;
    this.signal('SIGTERM');
    this.stopping = setTimeout(() => this.signal('SIGKILL'), this.graceMs);
  }

  private clear(): void {
    clearTimeout(this.stopping);
    this.over = true;
    this.signal('SIGKILL');
    this.letGo();
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // Nobody is left in the group.
    }
  }
}

function startFailure(cause: NodeJS.ErrnoException): Error {
  if (cause.code === 'E2BIG') {
    const message = 'the arguments are too long for one command: send less, or have the command read a file';
    return new PermanentError(message, { code: 'invalid_input', cause });
  }
  return new RetryableError(`the command could not be started: ${cause.message}`, { cause });
}
