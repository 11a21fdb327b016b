import type { Database, Row } from '@longhaul/database';
import type { Failure } from '@longhaul/kernel';
import type { StepEffects, StepStatus } from '../lifecycle/steps';
import { type RecordedWait, toRecordedWait, WAIT_COLUMNS } from './waits';

/** A step of an earlier run, as the next one finds it. Its result is read when it is asked for. */
export interface RecordedStep {
  id: string;
  effects: StepEffects;
  status: StepStatus;
  attempt: number;
  runId: string;
  /** Its result is in `step_values`. */
  isApart: boolean;
  error: Failure | null;
  /** What it waits for; null where it does not. */
  wait: RecordedWait | null;
}

/**
 * All steps of an execution, by key, in the order in which they were first begun. Read under its lease: nobody else adds
 * to them.
 */
export async function readSteps(database: Database, executionId: string): Promise<Map<string, RecordedStep>> {
  const rows = await database.read(
    `SELECT key, id, effects, status, attempt, run_id, value_length, error FROM steps
     WHERE execution_id = $1 ORDER BY seq, id`,
    [executionId],
  );
  const waits = rows.some(({ status }) => status === 'waiting') ? await readWaits(database, executionId) : NONE;
  return new Map(rows.map((row) => [row.key as string, toRecordedStep(row, waits.get(row.key as string) ?? null)]));
}

const NONE = new Map<string, RecordedWait>();

async function readWaits(database: Database, executionId: string): Promise<Map<string, RecordedWait>> {
  const rows = await database.read(
    `SELECT s.key, ${WAIT_COLUMNS}
     FROM steps s
     JOIN waits w ON w.execution_id = s.execution_id AND w.step_key = s.key
     LEFT JOIN executions child ON w.kind = 'child' AND child.id = w.name AND child.owner = w.owner
     WHERE s.execution_id = $1 AND s.status = 'waiting'`,
    [executionId],
  );
  return new Map(rows.map((row) => [row.key as string, toRecordedWait(row)]));
}

function toRecordedStep(row: Row, wait: RecordedWait | null): RecordedStep {
  return {
    id: row.id as string,
    effects: row.effects as StepEffects,
    status: row.status as StepStatus,
    attempt: Number(row.attempt),
    runId: row.run_id as string,
    isApart: row.value_length !== null,
    error: row.error === null ? null : (JSON.parse(row.error as string) as Failure),
    wait,
  };
}

/** What is in the rows of these steps, as JSON; null also for the result null. */
export async function readResults(
  database: Database,
  executionId: string,
  keys: readonly string[],
): Promise<Map<string, string | null>> {
  const x = database.dialect.recordset('x', { key: 'text' }, '$2');
  // Not as a join: a plan that goes through all steps for each key takes a minute for 10,000 of them.
  const rows = await database.read(
    `SELECT x.key, (SELECT s.result FROM steps s WHERE s.execution_id = $1 AND s.key = x.key) AS result FROM ${x}`,
    [executionId, JSON.stringify(keys.map((key) => ({ key })))],
  );
  return new Map(rows.map((row) => [row.key as string, row.result as string | null]));
}
