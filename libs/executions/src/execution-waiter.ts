import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { HintBus } from '@longhaul/queue';
import { ExecutionWatch } from './execution-watch';
import { TERMINAL_STATUSES } from './lifecycle/status';

/** Lets callers wait for executions to end. One subscription and one statement serve all waiters of the process. */
@Injectable()
export class ExecutionWaiter implements OnModuleInit, BeforeApplicationShutdown {
  private readonly waiters = new Map<string, Set<() => void>>();
  private readonly watch: ExecutionWatch;
  private stopped = false;

  constructor(
    private readonly database: Database,
    hints: HintBus,
  ) {
    this.watch = new ExecutionWatch(hints, ['execution'], this.waiters, async (ids) => {
      for (const id of await this.ended(ids)) this.release(id);
    });
  }

  onModuleInit(): void {
    this.watch.start();
  }

  /** After the drain, which may end what is waited for, and before the HTTP server closes. */
  beforeApplicationShutdown(): void {
    this.stopped = true;
    this.watch.stop();
    for (const id of this.waiters.keys()) this.release(id);
  }

  /** Resolves when the execution has ended, when the time is up, when `signal` aborts, or at shutdown: look again. */
  terminal(executionId: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const set = this.waiters.get(executionId) ?? new Set();
      this.waiters.set(executionId, set);
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        set.delete(done);
        if (set.size === 0 && this.waiters.get(executionId) === set) this.waiters.delete(executionId);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      signal?.addEventListener('abort', done);
      set.add(done);
      // It may have ended between the caller's look and now.
      this.watch.lookAt(executionId);
    });
  }

  private async ended(ids: string[]): Promise<string[]> {
    const asked = this.database.dialect.recordset('x', { id: 'text' }, '$1');
    const statuses = TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ');
    const rows = await this.database.read(
      `SELECT e.id FROM ${asked} JOIN executions e ON e.id = x.id WHERE e.status IN (${statuses})`,
      [JSON.stringify(ids.map((id) => ({ id })))],
    );
    return rows.map((row) => row.id as string);
  }

  private release(id: string): void {
    for (const done of this.waiters.get(id) ?? []) done();
  }
}
