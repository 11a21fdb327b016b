import type { JsonObject } from '@longhaul/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ExecutionEventType } from '../events/event-types';
import { column, nullable } from './columns';

/** A numbered fact about an execution. `seq` starts at 0 and has no gaps, the same on every replay and every replica. */
@Entity('events')
export class ExecutionEvent {
  @PrimaryColumn({ ...column.id('execution_id'), primaryKeyConstraintName: 'pk_events' } as object)
  executionId: string;

  @PrimaryColumn({ ...column.integer('seq'), primaryKeyConstraintName: 'pk_events' } as object)
  seq: number;

  @Column(column.text('type', 64))
  type: ExecutionEventType;

  @Column(column.moment('at'))
  at: number;

  @Column(column.id('run_id', nullable))
  runId: string | null;

  @Column(column.json('data'))
  data: JsonObject;
}
