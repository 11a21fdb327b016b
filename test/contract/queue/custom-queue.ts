import Database from 'better-sqlite3';
import { ExecutionQueue, parseQueueJob, type QueueDelivery, type QueueJob } from '@longhaul/queue';

const HELD_MS = 1_000;

/** A backend of one's own, complete: one table of a SQLite file, shared by the processes of a host. */
export class SqliteQueue extends ExecutionQueue {
  private readonly database: Database.Database;
  private readonly held = new Set<unknown>();

  constructor(file: string) {
    super();
    this.database = new Database(file, { timeout: 5_000 });
    this.database.pragma('journal_mode = WAL');
    this.database.exec(
      'CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, lane TEXT, job_id TEXT, payload TEXT, held_until INTEGER DEFAULT 0)',
    );
  }

  enqueue(lane: string, job: QueueJob): Promise<void> {
    return this.run('INSERT INTO jobs (lane, job_id, payload) VALUES (?, ?, ?)', lane, job.jobId, JSON.stringify(job));
  }

  /** Holds the oldest free row: `held_until` is also its receipt, and a dead holder's runs out. */
  async dequeue(lane: string): Promise<QueueDelivery | null> {
    const row = this.database
      .prepare<unknown[], { id: number; payload: string; held_until: number }>(
        `UPDATE jobs SET held_until = MAX(?, held_until + 1) WHERE id =
           (SELECT id FROM jobs WHERE lane = ? AND held_until < ? ORDER BY id LIMIT 1) RETURNING id, payload, held_until`,
      )
      .get(Date.now() + HELD_MS, lane, Date.now());
    if (!row) return null;
    const receipt = [row.id, row.held_until];
    const job = parseQueueJob(parseJson(row.payload));
    if (job) {
      this.held.add(receipt);
      return { lane, job, receipt };
    }
    await this.run('DELETE FROM jobs WHERE id = ?', row.id);
    return this.dequeue(lane);
  }

  ack(delivery: QueueDelivery): Promise<void> {
    return this.settle('DELETE FROM jobs WHERE id = ? AND held_until = ?', delivery.receipt);
  }

  nack(delivery: QueueDelivery): Promise<void> {
    return this.settle('UPDATE jobs SET held_until = 0 WHERE id = ? AND held_until = ?', delivery.receipt);
  }

  cancel(lane: string, jobId: string): Promise<boolean> {
    const waiting = 'DELETE FROM jobs WHERE lane = ? AND job_id = ? AND held_until < ?';
    return Promise.resolve(this.database.prepare(waiting).run(lane, jobId, Date.now()).changes > 0);
  }

  override async close(): Promise<void> {
    for (const receipt of this.held) await this.nack({ receipt } as QueueDelivery);
    this.database.close();
  }

  private settle(statement: string, receipt: unknown): Promise<void> {
    return this.held.delete(receipt) && Array.isArray(receipt) ? this.run(statement, ...receipt) : Promise.resolve();
  }

  private run(statement: string, ...values: unknown[]): Promise<void> {
    this.database.prepare(statement).run(...values);
    return Promise.resolve();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
