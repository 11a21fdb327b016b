/**
 * The least that can be written for the same promise: each step INSERTs a row that says that it has begun, waits for
 * the commit, and UPDATEs the row with its result, and waits for that. No fence, no events, no replay.
 */
export interface StepFloor {
  /** So many executions at once, each with so many steps one after the other. */
  run(executions: number, steps: number, result: object): Promise<void>;
  close(): Promise<void>;
}

export const TABLE = `CREATE TABLE bare_steps
  (execution_id varchar(40), key varchar(200), status varchar(16), started_at bigint, result json,
   PRIMARY KEY (execution_id, key))`;
export const START = `INSERT INTO bare_steps (execution_id, key, status, started_at) VALUES ($1, $2, 'started', $3)`;
export const RESULT = `UPDATE bare_steps SET status = 'completed', result = $3 WHERE execution_id = $1 AND key = $2`;
