import { Column, Entity, PrimaryColumn } from 'typeorm';
import { column } from './columns';

/** The line in which the turns of one conversation stand. The same id is another conversation for another owner. */
@Entity('conversations')
export class Conversation {
  @PrimaryColumn({ ...column.text('owner', 128), primaryKeyConstraintName: 'pk_conversations' } as object)
  owner: string;

  @PrimaryColumn({ ...column.id('id'), primaryKeyConstraintName: 'pk_conversations' } as object)
  id: string;

  /** What its first turn was for: the agent's id. */
  @Column(column.text('target', 128))
  target: string;

  @Column(column.moment('created_at'))
  createdAt: number;

  /** When its latest turn was submitted. */
  @Column(column.moment('last_at'))
  lastAt: number;

  /** The number of the latest turn. */
  @Column(column.integer('turns'))
  turns: number;
}
