import type { Failure } from '@longhaul/kernel';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RunOutcome } from '../lifecycle/status';
import { column, nullable } from './columns';
import type { Usage } from './execution.entity';

/** One attempt at an execution by one worker. The row is made by the claim and closed by whoever ends the run. */
@Entity('runs')
@Index('ix_runs_execution', ['executionId'])
export class Run {
  @PrimaryColumn({ ...column.id('id'), primaryKeyConstraintName: 'pk_runs' } as object)
  id: string;

  @Column(column.id('execution_id'))
  executionId: string;

  @Column(column.integer('attempt'))
  attempt: number;

  @Column(column.integer('epoch'))
  epoch: number;

  @Column(column.id('worker_id'))
  workerId: string;

  @Column(column.moment('started_at'))
  startedAt: number;

  @Column(column.moment('ended_at', nullable))
  endedAt: number | null;

  @Column(column.text('outcome', 16, nullable))
  outcome: RunOutcome | null;

  @Column(column.json('error', nullable))
  error: Failure | null;

  /** What its model calls took so far. */
  @Column(column.json('usage', nullable))
  usage: Usage | null;
}
