import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { HintBus } from '@longhaul/queue';
import { TERMINAL_STATUSES } from './lifecycle/status';

/** How long a waiter goes on without a hint before it looks for itself. */
const POLL_INTERVAL_MS = 1_000;

/**
 * Lets callers wait for executions to end. One subscription and one statement serve all waiters of the process: a hint
 * marks an execution as worth a look, and once a second all are looked at, since hints may be lost.
 */
@Injectable()
export class ExecutionWaiter implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(ExecutionWaiter.name);
  private readonly waiters = new Map<string, Set<() => void>>();
  private readonly hinted = new Set<string>();
  private unsubscribe: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly hints: HintBus,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.hints.subscribe((hint) => {
      if (hint.kind !== 'execution' || !this.waiters.has(hint.executionId)) return;
      this.hinted.add(hint.executionId);
      void this.look();
    });
    this.timer = setInterval(() => {
      for (const id of this.waiters.keys()) this.hinted.add(id);
      void this.look();
    }, POLL_INTERVAL_MS);
  }

  /** After the drain, which may end what is waited for, and before the HTTP server closes. */
  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearInterval(this.timer);
    this.unsubscribe();
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
      this.hinted.add(executionId);
      void this.look();
    });
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      while (this.hinted.size > 0) {
        const ids = [...this.hinted];
        this.hinted.clear();
        for (const id of await this.ended(ids)) this.release(id);
      }
    } catch (error) {
      this.logger.warn(`waiting executions could not be looked at: ${String(error)}`);
    } finally {
      this.looking = false;
    }
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
