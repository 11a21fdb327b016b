import { column } from '@longhaul/executions';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An answer of a tool that has `cache_ttl_s`. */
@Entity('tool_results')
@Index('ix_tool_results_expires', ['expiresAt'])
export class ToolResultRow {
  /** SHA-256 of the tool, the owner and the arguments. */
  @PrimaryColumn({ ...column.text('id', 64), primaryKeyConstraintName: 'pk_tool_results' } as object)
  id: string;

  @Column(column.prose('value'))
  value: string;

  @Column(column.moment('expires_at'))
  expiresAt: number;
}
