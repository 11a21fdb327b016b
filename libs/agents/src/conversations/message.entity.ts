import { column } from '@longhaul/executions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const key = { primaryKeyConstraintName: 'pk_messages' };

/** What was said in a conversation, by whom. Written in the transactions of the turn that it belongs to. */
@Entity('messages')
export class Message {
  @PrimaryColumn({ ...column.text('owner', 128), ...key } as object)
  owner: string;

  @PrimaryColumn({ ...column.id('conversation_id'), ...key } as object)
  conversationId: string;

  /** Of turn n: 2n - 1 the user's, 2n the assistant's, which is absent while there is none. */
  @PrimaryColumn({ ...column.integer('seq'), ...key } as object)
  seq: number;

  @Column(column.text('role', 16))
  role: 'user' | 'assistant';

  @Column(column.prose('text'))
  text: string;

  @Column(column.id('execution_id'))
  executionId: string;

  @Column(column.moment('at'))
  at: number;
}
