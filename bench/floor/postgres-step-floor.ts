import { Pool } from 'pg';
import { newId } from '@longhaul/kernel';
import { RESULT, START, type StepFloor, TABLE } from './step-floor';

/** Prepared statements, each its own transaction, on a pool of ten. */
export class PostgresStepFloor implements StepFloor {
  private constructor(private readonly pool: Pool) {}

  static async open(connectionString: string): Promise<PostgresStepFloor> {
    const pool = new Pool({ connectionString, max: 10 });
    await pool.query(TABLE);
    return new PostgresStepFloor(pool);
  }

  async run(executions: number, steps: number, result: object): Promise<void> {
    await Promise.all(Array.from({ length: executions }, () => this.execution(steps, result)));
  }

  private async execution(steps: number, result: object): Promise<void> {
    const id = newId('exec');
    for (let step = 0; step < steps; step += 1) {
      await this.pool.query({ name: 'start', text: START, values: [id, `step:${step}`, Date.now()] });
      await this.pool.query({ name: 'result', text: RESULT, values: [id, `step:${step}`, JSON.stringify(result)] });
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
