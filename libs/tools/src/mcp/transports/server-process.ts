import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { GUARD_SCRIPT } from '../../processes/guard-script';
import type { McpCommand } from '../mcp-options';

/** Between the end of its input and SIGTERM, and between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000;
/** How long a pipe that somebody else holds open is read after the server has ended. */
const LINGER_MS = 1_000;

/**
 * A server's process, leader of a group of its own. All of the group ends with it, and with this process, however that
 * ends: see guard-script.ts.
 */
export class ServerProcess {
  /** Never rejects: how it ended, as a sentence's end. By then its output has been read. */
  readonly ended: Promise<string>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly pid: number,
    private readonly lifeline: Writable,
    readonly stdin: Writable,
    readonly stdout: Readable,
    readonly stderr: Readable,
  ) {
    this.ended = this.watch();
  }

  /** Rejects when no process can be made. A program that is not there shows as one that ends with 127. */
  static async start({ command, cwd, env }: McpCommand): Promise<ServerProcess> {
    const child = spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'sh', String(GRACE_MS / 1000), ...command], {
      cwd,
      env: { ...env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    const { pid, stdin, stdout, stderr } = child;
    const lifeline = child.stdio[3];
    if (pid === undefined || !stdin || !stdout || !stderr || !lifeline || !('write' in lifeline)) {
      throw await once(child, 'error').then(([error]) => error as Error);
    }
    // Whoever writes learns of it by the process's end.
    for (const stream of [lifeline, stdin, stdout, stderr]) stream.on('error', () => undefined);
    return new ServerProcess(child, pid, lifeline, stdin, stdout, stderr);
  }

  /** The end of its input asks it to go; then it is told, then made to. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.stdin.end();
    const timers = [
      setTimeout(() => this.signal('SIGTERM'), GRACE_MS),
      setTimeout(() => this.signal('SIGKILL'), GRACE_MS * 2),
    ];
    await this.ended;
    timers.forEach(clearTimeout);
  }

  private async watch(): Promise<string> {
    const closed = once(this.child, 'close').catch(() => undefined);
    const [code, signal] = (await once(this.child, 'exit')) as [number | null, string | null];
    this.signal('SIGKILL');
    this.lifeline.destroy();
    const lingering = new Promise((resolve) => setTimeout(resolve, LINGER_MS).unref());
    await Promise.race([closed, lingering]);
    return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // Nobody is left in the group.
    }
  }
}
