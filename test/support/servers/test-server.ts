import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../eventually';
import { registryFolder } from './registry';

/** How to start one real server. `control` gives the shell line that sends it a signal. */
export interface ServerCommand {
  name: string;
  /** Where clients reach it; the same after a restart. */
  url: string;
  /** Its own folder: data, log. Removed by `stop`. */
  directory: string;
  argv: string[];
  env?: NodeJS.ProcessEnv;
  uid?: number;
  control(pid: number, signal: string): string;
  /** How to run a tool of the server's own beside it. */
  tool?(argv: string[]): { argv: string[]; env?: NodeJS.ProcessEnv };
  /** Rejects, or answers false, until the server serves. */
  isReady(): Promise<boolean>;
  readyWithinMs: number;
}

/** A private instance of a real server, in a process group of its own. */
export class TestServer {
  private pid = 0;
  private exited: Promise<unknown> = Promise.resolve();
  private hasExited = true;

  private constructor(private readonly command: ServerCommand) {}

  static async start(command: ServerCommand): Promise<TestServer> {
    const server = new TestServer(command);
    await server.restart();
    return server;
  }

  get url(): string {
    return this.command.url;
  }

  get directory(): string {
    return this.command.directory;
  }

  /** Starts it again after `kill`, at the same address and with what it had on disk. */
  async restart(): Promise<void> {
    const { argv, env, uid, directory, name, readyWithinMs } = this.command;
    const log = openSync(join(directory, 'server.log'), 'a');
    const [file = '', ...args] = argv;
    const child = spawn(file, args, {
      cwd: directory,
      env: { ...process.env, ...env },
      ...(uid === undefined ? {} : { uid, gid: uid }),
      detached: true,
      stdio: ['ignore', log, log],
    });
    this.hasExited = false;
    this.exited = once(child, 'exit')
      .catch((error: unknown) => error)
      .finally(() => (this.hasExited = true));
    child.unref();
    await once(child, 'spawn');
    closeSync(log);
    this.pid = child.pid ?? 0;
    this.register();
    try {
      await eventually(() => child.exitCode !== null || this.command.isReady(), { timeoutMs: readyWithinMs });
      if (child.exitCode !== null) throw new Error(`it exited with code ${child.exitCode}`);
    } catch (error) {
      await this.kill();
      const tail = readFileSync(join(directory, 'server.log'), 'utf8').slice(-2_000);
      throw new Error(`${name} did not start: ${String(error)}\n${tail}`, { cause: error });
    }
  }

  /** Starts it again if it has ended. */
  async revive(): Promise<void> {
    if (this.hasExited) await this.restart();
  }

  /** Runs a tool of the server's own, as `rabbitmqctl …`; answers what it printed. */
  async tool(...argv: string[]): Promise<string> {
    const { argv: [file = '', ...args] = argv, env } = this.command.tool?.(argv) ?? {};
    const { stdout } = await promisify(execFile)(file, args, { env: { ...process.env, ...env }, timeout: 60_000 });
    return stdout;
  }

  /** Ends it without a goodbye. What it had on disk stays for `restart`. */
  async kill(): Promise<void> {
    await this.signal('KILL');
    await this.exited;
  }

  /** Any signal: `STOP` freezes the server, `CONT` thaws it. */
  async signal(name: string): Promise<void> {
    const shell = spawn('sh', ['-c', this.command.control(this.pid, name)], { stdio: 'ignore' });
    await once(shell, 'exit');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.command.directory, { recursive: true, force: true });
    rmSync(this.cleanUpFile, { force: true });
  }

  /** Leaves the shell lines that end the server without this object, for when its process does not come to it. */
  private register(): void {
    const { control, directory } = this.command;
    writeFileSync(this.cleanUpFile, `${control(this.pid, 'KILL')}\nrm -rf '${directory}'\n`);
  }

  private get cleanUpFile(): string {
    return join(registryFolder(), `${basename(this.command.directory)}.sh`);
  }
}
