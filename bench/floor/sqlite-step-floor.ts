import BetterSqlite3 from 'better-sqlite3';
import { newId } from '@longhaul/kernel';
import { RESULT, START, type StepFloor, TABLE } from './step-floor';

/** Prepared statements on one connection, WAL with FULL: what is written is on disk. Several at once share a commit. */
export class SqliteStepFloor implements StepFloor {
  private readonly database: BetterSqlite3.Database;
  private readonly start: BetterSqlite3.Statement;
  private readonly result: BetterSqlite3.Statement;

  constructor(path: string) {
    this.database = new BetterSqlite3(path);
    this.database.pragma('journal_mode = WAL');
    this.database.pragma('synchronous = FULL');
    this.database.exec(TABLE);
    this.start = this.database.prepare(START.replace(/\$\d/g, '?'));
    this.result = this.database.prepare(RESULT.replace('$3', '?').replace('$1', '?').replace('$2', '?'));
  }

  /** All executions are at the same step, so that each commit is shared by all of them: the best that a floor can do. */
  run(executions: number, steps: number, result: object): Promise<void> {
    const ids = Array.from({ length: executions }, () => newId('exec'));
    for (let step = 0; step < steps; step += 1) {
      this.database.transaction(() => ids.forEach((id) => this.start.run(id, `step:${step}`, Date.now())))();
      this.database.transaction(() =>
        ids.forEach((id) => this.result.run(JSON.stringify(result), id, `step:${step}`)),
      )();
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.database.close();
    return Promise.resolve();
  }
}
