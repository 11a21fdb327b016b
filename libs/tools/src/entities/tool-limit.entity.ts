import { column } from '@longhaul/executions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The calls of one tool that still count for its `rate_limit`. */
@Entity('tool_limits')
export class ToolLimitRow {
  @PrimaryColumn({ ...column.text('tool', 128), primaryKeyConstraintName: 'pk_tool_limits' } as object)
  tool: string;

  @Column(column.prose('marks'))
  marks: string;

  @Column(column.moment('asked_at'))
  askedAt: number;
}
