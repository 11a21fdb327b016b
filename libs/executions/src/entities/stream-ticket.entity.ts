import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { column, nullable } from './columns';

/** The right to open one stream within seconds, for who cannot send a header. Kept a while after it is over, to say why. */
@Entity('stream_tickets')
@Index('ix_stream_tickets_expires', ['expiresAt'])
export class StreamTicket {
  /** SHA-256 of the ticket: whoever reads the table cannot use it. */
  @PrimaryColumn({ ...column.text('hash', 64), primaryKeyConstraintName: 'pk_stream_tickets' } as object)
  hash: string;

  @Column(column.text('owner', 128))
  owner: string;

  /** What its bearer may do: what whoever asked for it may. */
  @Column(column.json('scopes'))
  scopes: string[];

  @Column(column.moment('expires_at'))
  expiresAt: number;

  @Column(column.moment('used_at', nullable))
  usedAt: number | null;
}
