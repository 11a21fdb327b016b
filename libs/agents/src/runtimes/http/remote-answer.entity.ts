import { column } from '@longhaul/executions';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RemoteAnswer } from './remote-answer';

const key = { primaryKeyConstraintName: 'pk_remote_answers' };

/** What a remote agent said by callback, the latest for each attempt. A final answer is never overwritten. */
@Entity('remote_answers')
export class RemoteAnswerRow {
  @PrimaryColumn({ ...column.id('execution_id'), ...key } as object)
  executionId: string;

  @PrimaryColumn({ ...column.integer('attempt'), ...key } as object)
  attempt: number;

  @Column(column.text('status', 16))
  status: RemoteAnswer['status'];

  @Column(column.json('answer'))
  answer: RemoteAnswer;

  @Column(column.moment('at'))
  at: number;
}
