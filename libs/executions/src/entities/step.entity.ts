import type { Failure, JsonValue } from '@longhaul/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StepEffects, StepStatus } from '../lifecycle/steps';
import { column, nullable } from './columns';

/** One journalled piece of work of an execution, by its key: begun by a run, recorded once. */
@Entity('steps')
export class Step {
  @PrimaryColumn({ ...column.id('execution_id'), primaryKeyConstraintName: 'pk_steps' } as object)
  executionId: string;

  @PrimaryColumn({ ...column.text('key', 200), primaryKeyConstraintName: 'pk_steps' } as object)
  key: string;

  /** The same however often it runs. */
  @Column(column.id('id'))
  id: string;

  /**
   * Its place among the steps: the `seq` of the event with which it was first begun. Negative where that is not in this
   * log, since it was taken over from another execution's.
   */
  @Column(column.integer('seq', { default: 0 }))
  seq: number;

  @Column(column.text('effects', 16))
  effects: StepEffects;

  @Column(column.text('status', 16))
  status: StepStatus;

  /** The run that said last how it stands; `epoch` and `attempt` are that run's. */
  @Column(column.id('run_id'))
  runId: string;

  @Column(column.integer('epoch'))
  epoch: number;

  @Column(column.integer('attempt'))
  attempt: number;

  @Column(column.moment('started_at'))
  startedAt: number;

  @Column(column.moment('ended_at', nullable))
  endedAt: number | null;

  /** Of a completed one; null also where the result is null, or kept apart. Only read when asked for. */
  @Column(column.json('result', { ...nullable, select: false }))
  result?: JsonValue;

  /** Of a result that is in `step_values` instead: how long it is, as JSON. */
  @Column(column.integer('value_length', nullable))
  valueLength: number | null;

  /** Of one that failed or was interrupted. */
  @Column(column.json('error', nullable))
  error: Failure | null;
}
