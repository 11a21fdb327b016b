import type { Dialect, Statement } from '@longhaul/database';
import { type Failure, type JsonValue, toJsonText } from '@longhaul/kernel';
import type { StepEffects, StepStatus } from '../lifecycle/steps';
import type { Fence } from './fence';
import type { NewWait } from './waits';

/** A step as it stands after what its run has to say of it. */
export interface StepChange {
  id: string;
  key: string;
  effects: StepEffects;
  status: StepStatus;
  attempt: number;
  result?: JsonValue;
  /** The result as JSON, where it is too large for the row of its step: see `storeValue`. */
  value?: string;
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
      const { id, key, effects, status, attempt, result = null, value, error = null } = step;
      const place = { execution_id: fence.executionId, key, seq: first.get(stepOf(change)) };
      const run = { run_id: fence.runId, epoch: fence.epoch };
      const end = { result, value_length: value?.length ?? null, error };
      return [stepOf(change), { ...place, ...run, id, effects, status, attempt, ...end }];
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
      value_length: 'bigint',
      error: 'json',
    },
    '$1',
  );
  return {
    silent: true,
    // Without WHERE SQLite takes ON for the condition of a join.
    sql: `INSERT INTO steps
            (execution_id, key, seq, id, effects, status, run_id, epoch, attempt, started_at, ended_at, result,
             value_length, error)
          SELECT x.execution_id, x.key, x.seq, x.id, x.effects, x.status, x.run_id, x.epoch, x.attempt, ${dialect.now},
            CASE WHEN x.status IN ('started', 'waiting') THEN NULL ELSE ${dialect.now} END, x.result,
            x.value_length, x.error
          FROM ${x} WHERE true
          ON CONFLICT (execution_id, key) DO UPDATE
          SET effects = excluded.effects, status = excluded.status, run_id = excluded.run_id, epoch = excluded.epoch,
              attempt = excluded.attempt, ended_at = excluded.ended_at, result = excluded.result,
              value_length = excluded.value_length, error = excluded.error,
              started_at = CASE WHEN steps.epoch = excluded.epoch OR excluded.status = 'interrupted'
                                THEN steps.started_at ELSE excluded.started_at END`,
    params: [toJsonText([...rows.values()])],
  };
}

const stepOf = ({ fence, step }: { fence: Fence; step: StepChange }) => `${fence.executionId} ${step.key}`;
