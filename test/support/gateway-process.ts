import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, Write } from '@longhaul/database';
import { eventually } from './eventually';

const ROOT = join(__dirname, '../..');
/** The build itself, not bin/: a test must not start a build. */
const MAIN = join(ROOT, 'dist/apps/cli/src/main.js');
/** As bin/ has it. */
const COMPILE_CACHE = join(ROOT, 'node_modules/.cache/longhaul');

/** The processes under test are those that users start: the build, by its command. */
export function assertBuilt(): void {
  if (!existsSync(MAIN)) throw new Error('not built: npm run build');
}

/** `longhaul …` to its end, which a refusal reaches within seconds. */
export async function longhaul(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: ROOT,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  await once(child, 'close');
  return { ...output, status: child.exitCode };
}

/** One `longhaul serve`, to be asked, signalled and killed. */
export class GatewayProcess {
  private readonly child: ChildProcess;
  private output = '';
  /** It has ended, and all that it said is in `output`. */
  private closed = false;

  constructor(
    args: string[],
    env: Record<string, string>,
    readonly url: string,
  ) {
    this.child = spawn(process.execPath, [MAIN, 'serve', ...args], {
      cwd: ROOT,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-100_000));
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.child.once('close', () => (this.closed = true));
  }

  get log(): string {
    return this.output;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Until `/health/ready` of `url` answers 200. */
  ready(): Promise<void> {
    return this.until(async () => (await fetch(`${this.url}/health/ready`)).ok);
  }

  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    try {
      const seen = await eventually(
        async () => {
          // Whoever has ended may have said before what is waited for, and cannot be asked any more.
          const { closed } = this;
          try {
            if (await condition()) return 'what was waited for';
          } catch (error) {
            if (!closed) throw error;
          }
          return closed && 'its end';
        },
        { timeoutMs: 120_000 },
      );
      if (seen === 'its end') throw new Error(`it ended with ${this.child.exitCode ?? this.child.signalCode}`);
    } catch (error) {
      throw new Error(`${String(error)}\n--- its log ---\n${this.output}`, { cause: error });
    }
  }

  /** Sends the signal and waits for the end; answers the exit code, null when the signal killed it. */
  async signal(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.ended) {
      const exit = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill(signal);
      await exit;
    }
    return this.child.exitCode;
  }

  /** Sends a signal that need not end it: SIGSTOP, SIGCONT, a SIGTERM to drain by. */
  send(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Until it has ended, by itself or by a signal that somebody sent. */
  async death(): Promise<void> {
    await eventually(() => this.ended, { timeoutMs: 120_000 });
  }

  /** Until it stands still by a SIGSTOP: one that is sent a SIGCONT before would stop after it, for ever. */
  async frozen(): Promise<void> {
    await eventually(() => stateOf(this.pid) === 'T', { timeoutMs: 120_000 });
  }

  /** Freezes it while no write of its own is under way: on SQLite, such a one would keep all others waiting. */
  async freeze(database: Database): Promise<void> {
    const { pid } = this;
    await database.write(function* (): Write<void> {
      yield { sql: 'SELECT 1' };
      // Its end would do as well: nothing else goes on in this process meanwhile.
      while (!/[TZ]/.test(stateOf(pid) ?? '')) process.kill(pid, 'SIGSTOP');
    });
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** As `ps` shows it: T is stopped. */
function stateOf(pid: number): string | undefined {
  if (process.platform !== 'linux')
    return execFileSync('ps', ['-o', 'state=', '-p', String(pid)])
      .toString()
      .trim()[0];
  return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
}

/** Ours would reach it and make it behave otherwise than for a user. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('LONGHAUL_') && name !== 'NODE_OPTIONS');
  return { ...Object.fromEntries(own), NODE_COMPILE_CACHE: COMPILE_CACHE };
}
