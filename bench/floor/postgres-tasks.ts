import { Pool } from 'pg';
import { Batcher, type JsonValue } from '@longhaul/kernel';
import type { Task } from './task-api';

/** As many as Longhaul's default. */
const POOL_SIZE = 10;

interface Result {
  id: string;
  output: JsonValue;
}

export const CREATE_TASKS = `CREATE TABLE tasks (id varchar(40) PRIMARY KEY, agent varchar(64) NOT NULL,
  status varchar(16) NOT NULL, input json NOT NULL, output json, created_at bigint NOT NULL)`;

/**
 * The least that a durable execution costs in PostgreSQL: an INSERT, a conditional UPDATE and an UPDATE, one by one or
 * with what waits for the same commit.
 */
export class PostgresTasks {
  private readonly pool: Pool;
  private readonly inserts = new Batcher<Task, void>((tasks) => this.insertAll(tasks), { maxItems: 128, parallel: 2 });
  private readonly claims = new Batcher<string, boolean>((ids) => this.claimAll(ids), { maxItems: 64 });
  private readonly endings = new Batcher<Result, void>((results) => this.finishAll(results), { maxItems: 64 });

  constructor(
    url: string,
    private readonly groupCommit: boolean,
  ) {
    this.pool = new Pool({ connectionString: url, max: POOL_SIZE });
  }

  async insert(task: Task): Promise<void> {
    await (this.groupCommit ? this.inserts.add(task) : this.insertAll([task]));
  }

  async claim(id: string): Promise<boolean> {
    return this.groupCommit ? this.claims.add(id) : ((await this.claimAll([id]))[0] ?? false);
  }

  async finish(id: string, output: JsonValue): Promise<void> {
    await (this.groupCommit ? this.endings.add({ id, output }) : this.finishAll([{ id, output }]));
  }

  async output(id: string): Promise<JsonValue> {
    const [row] = await this.query<{ output: JsonValue }>('read', 'SELECT output FROM tasks WHERE id = $1', [id]);
    return row?.output ?? null;
  }

  /** A batch of one takes the plain statement, which is cheaper. */
  private async insertAll(tasks: Task[]): Promise<void[]> {
    const [task] = tasks;
    const rows = tasks.map(({ id, agent, input }) => ({ id, agent, input }));
    await (tasks.length === 1 && task
      ? this.query('insert', `INSERT INTO tasks VALUES ($1, $2, 'queued', $3, NULL, $4)`, [
          task.id,
          task.agent,
          JSON.stringify(task.input),
          Date.now(),
        ])
      : this.query(
          'insert-all',
          `INSERT INTO tasks SELECT id, agent, 'queued', input, NULL, $2
           FROM json_to_recordset($1::json) AS x(id text, agent text, input json)`,
          [JSON.stringify(rows), Date.now()],
        ));
    return tasks.map(() => undefined);
  }

  private async claimAll(ids: string[]): Promise<boolean[]> {
    const rows = await (ids.length === 1
      ? this.query<{ id: string }>(
          'claim',
          `UPDATE tasks SET status = 'running' WHERE id = $1 AND status = 'queued' RETURNING id, input`,
          ids,
        )
      : this.query<{ id: string }>(
          'claim-all',
          `UPDATE tasks SET status = 'running' WHERE id = ANY($1) AND status = 'queued' RETURNING id, input`,
          [ids],
        ));
    const claimed = new Set(rows.map((row) => row.id));
    return ids.map((id) => claimed.has(id));
  }

  private async finishAll(results: Result[]): Promise<void[]> {
    const [result] = results;
    await (results.length === 1 && result
      ? this.query(
          'finish',
          `UPDATE tasks SET status = 'completed', output = $2 WHERE id = $1 AND status = 'running'`,
          [result.id, JSON.stringify(result.output)],
        )
      : this.query(
          'finish-all',
          `UPDATE tasks SET status = 'completed', output = x.output
           FROM json_to_recordset($1::json) AS x(id text, output json)
           WHERE tasks.id = x.id AND tasks.status = 'running'`,
          [JSON.stringify(results)],
        ));
    return results.map(() => undefined);
  }

  private async query<T extends object>(name: string, text: string, values: unknown[]): Promise<T[]> {
    return (await this.pool.query<T>({ name, text, values })).rows;
  }
}
