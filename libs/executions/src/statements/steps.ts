import type { Database, Dialect, Statement } from '@longhaul/database';
import { type Failure, type JsonValue, toJsonText } from '@longhaul/kernel';
import type { StepEffects, StepStatus } from '../lifecycle/steps';
import type { Fence } from './fence';
import { type NewWait, type RecordedWait, toRecordedWait, WAIT_COLUMNS } from './waits';

/** A step as it stands after what its run has to say of it. */
export interface StepChange {
  id: string;
  key: string;
  effects: StepEffects;
  status: StepStatus;
  attempt: number;
  result?: JsonValue;
  error?: Failure;
  /** It waits from now on; or, where it has ended, it did, and wakes nobody any more. */
  wait?: NewWait | 'over';
}

/**
 * Stores how steps stand, each under a fence that held earlier in the same transaction; `seq`: of the event that says
 * so, and the step's for good when it is its first. Of several changes of one
 * step the last one counts: START and result of a quick one come in one statement, which may not touch a row twice.
 */
export function storeSteps(dialect: Dialect, changes: { fence: Fence; seq: number; step: StepChange }[]): Statement {
  const first = new Map(changes.toReversed().map((change) => [stepOf(change), change.seq]));
  const rows = new Map(
    changes.map((change) => {
      const { fence, step } = change;
      const { id, key, effects, status, attempt, result = null, error = null } = step;
      const place = { execution_id: fence.executionId, key, seq: first.get(stepOf(change)) };
      const run = { run_id: fence.runId, epoch: fence.epoch };
      return [stepOf(change), { ...place, ...run, id, effects, status, attempt, result, error }];
    }),
  );
  const x = dialect.recordset(
    'x',
    {
      execution_id: 'text',
      key: 'text',
      seq: 'bigint',
      id: 'text',
      effects: 'text',
      status: 'text',
      run_id: 'text',
      epoch: 'bigint',
      attempt: 'bigint',
      result: 'json',
      error: 'json',
    },
    '$1',
  );
  return {
    silent: true,
    // Without WHERE SQLite takes ON for the condition of a join.
    sql: `INSERT INTO steps
            (execution_id, key, seq, id, effects, status, run_id, epoch, attempt, started_at, ended_at, result, error)
          SELECT x.execution_id, x.key, x.seq, x.id, x.effects, x.status, x.run_id, x.epoch, x.attempt, ${dialect.now},
            CASE WHEN x.status IN ('started', 'waiting') THEN NULL ELSE ${dialect.now} END, x.result, x.error
          FROM ${x} WHERE true
          ON CONFLICT (execution_id, key) DO UPDATE
          SET effects = excluded.effects, status = excluded.status, run_id = excluded.run_id, epoch = excluded.epoch,
              attempt = excluded.attempt, ended_at = excluded.ended_at, result = excluded.result, error = excluded.error,
              started_at = CASE WHEN steps.epoch = excluded.epoch OR excluded.status = 'interrupted'
                                THEN steps.started_at ELSE excluded.started_at END`,
    params: [toJsonText([...rows.values()])],
  };
}

const stepOf = ({ fence, step }: { fence: Fence; step: StepChange }) => `${fence.executionId} ${step.key}`;

/** A step of an earlier run, as the next one finds it. */
export interface RecordedStep {
  id: string;
  effects: StepEffects;
  status: StepStatus;
  attempt: number;
  runId: string;
  /** JSON text; null also for the result null. */
  result: string | null;
  error: Failure | null;
  /** What it waits for; null where it does not. */
  wait: RecordedWait | null;
}

/** All steps of an execution, by key. Read under its lease: nobody else adds to them. */
export async function readSteps(database: Database, executionId: string): Promise<Map<string, RecordedStep>> {
  const rows = await database.read(
    `SELECT s.key, s.id, s.effects, s.status, s.attempt, s.run_id, s.result, s.error, ${WAIT_COLUMNS}
     FROM steps s
     LEFT JOIN waits w ON s.status = 'waiting' AND w.execution_id = s.execution_id AND w.step_key = s.key
     LEFT JOIN executions child ON w.kind = 'child' AND child.id = w.name
     WHERE s.execution_id = $1`,
    [executionId],
  );
  return new Map(
    rows.map((row) => [
      row.key as string,
      {
        id: row.id as string,
        effects: row.effects as StepEffects,
        status: row.status as StepStatus,
        attempt: Number(row.attempt),
        runId: row.run_id as string,
        result: row.result as string | null,
        error: row.error === null ? null : (JSON.parse(row.error as string) as Failure),
        wait: row.wait_id === null ? null : toRecordedWait(row),
      },
    ]),
  );
}
