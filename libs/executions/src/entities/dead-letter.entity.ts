import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { column, nullable } from './columns';

/**
 * What became of a dead letter so far, as one word to compare with: the id of the execution that it is tried anew as,
 * `discarded`, or nothing while nobody has looked after it.
 */
export type Handling = string;
export const OPEN: Handling = '';

/**
 * A failed execution that somebody has to look after: made with the transition that fails it, and gone with its
 * execution. The execution itself never changes again.
 */
@Entity('dead_letters')
@Index('ix_dead_letters_open', ['owner', 'failedAt', 'executionId'], { where: `handled_at IS NULL` })
@Index('ix_dead_letters_group', ['owner', 'fingerprint', 'failedAt'])
export class DeadLetter {
  @PrimaryColumn({ ...column.id('execution_id'), primaryKeyConstraintName: 'pk_dead_letters' } as object)
  executionId: string;

  @Column(column.text('owner', 128))
  owner: string;

  @Column(column.text('target', 128))
  target: string;

  @Column(column.text('queue', 64))
  queue: string;

  /** The code of its error, at most 64 characters of it. */
  @Column(column.text('reason', 64))
  reason: string;

  /** The same cause has the same one: see fingerprint.ts. */
  @Column(column.text('fingerprint', 16))
  fingerprint: string;

  /** The beginning of its error's message. */
  @Column(column.prose('message'))
  message: string;

  @Column(column.moment('failed_at'))
  failedAt: number;

  @Column(column.moment('handled_at', nullable))
  handledAt: number | null;

  @Column(column.text('handling', 16, nullable))
  handling: 'redriven' | 'discarded' | null;

  /** The execution that it is tried anew as. */
  @Column(column.id('redriven_as', nullable))
  redrivenAs: string | null;

  @Column({ ...column.prose('discard_reason'), ...nullable })
  discardReason: string | null;
}
