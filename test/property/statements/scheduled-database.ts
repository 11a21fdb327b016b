import { Database, type LifeSign, type LifeSignEvents, type Row, type SqlValue, type Write } from '@longhaul/database';
import type { Scheduler } from 'fast-check';

/** How transactions that are asked for together get to the database. */
export type Traffic =
  /** One after the other, in the order of the scheduler: the same seed gives the same story. */
  | 'queued'
  /** Let go in the order of the scheduler, and under way together: the database decides, as in real life. */
  | 'together';

/** A database whose transactions begin when the scheduler lets them. */
export class ScheduledDatabase extends Database {
  readonly dialect;

  constructor(
    private readonly inner: Database,
    private readonly scheduler: Scheduler,
    private readonly traffic: Traffic,
  ) {
    super();
    this.dialect = inner.dialect;
  }

  write<T>(fn: () => Write<T>): Promise<T> {
    return this.inTurn('write', () => this.inner.write(fn));
  }

  run(sql: string, params?: readonly SqlValue[]): Promise<Row[]> {
    return this.inTurn('run', () => this.inner.run(sql, params));
  }

  read(sql: string, params?: readonly SqlValue[]): Promise<Row[]> {
    return this.inTurn('read', () => this.inner.read(sql, params));
  }

  isRefusal(error: unknown): boolean {
    return this.inner.isRefusal(error);
  }

  showLife(events: LifeSignEvents): Promise<LifeSign> {
    return this.inner.showLife(events);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async inTurn<T>(label: string, action: () => Promise<T>): Promise<T> {
    if (this.traffic === 'together') {
      await this.scheduler.schedule(Promise.resolve(), label);
      return action();
    }
    // A sequence of one: the scheduler lets nobody else begin before its end.
    let answer: Promise<T> | undefined;
    const builder = async () => {
      answer = action();
      await answer.catch(() => undefined);
    };
    await this.scheduler.scheduleSequence([{ label, builder }]).task;
    if (!answer) throw new Error('unreachable: the scheduler began it');
    return answer;
  }
}
