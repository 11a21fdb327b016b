import { Column, Entity, PrimaryColumn } from 'typeorm';
import { column } from './columns';

/** The result of a step that is too large for its row. */
@Entity('step_values')
export class StepValue {
  @PrimaryColumn({ ...column.id('execution_id'), primaryKeyConstraintName: 'pk_step_values' } as object)
  executionId: string;

  @PrimaryColumn({ ...column.text('key', 200), primaryKeyConstraintName: 'pk_step_values' } as object)
  key: string;

  /** JSON. */
  @Column(column.prose('value'))
  value: string;
}
