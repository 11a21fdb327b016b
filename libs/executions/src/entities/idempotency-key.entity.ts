import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { column } from './columns';

/** A caller's key for one request: the same owner, route and key get the same execution until it expires. */
@Entity('idempotency_keys')
@Index('ix_idempotency_keys_expires', ['expiresAt'])
export class IdempotencyKey {
  @PrimaryColumn({ ...column.text('owner', 128), primaryKeyConstraintName: 'pk_idempotency_keys' } as object)
  owner: string;

  @PrimaryColumn({ ...column.text('route', 256), primaryKeyConstraintName: 'pk_idempotency_keys' } as object)
  route: string;

  @PrimaryColumn({ ...column.text('key', 256), primaryKeyConstraintName: 'pk_idempotency_keys' } as object)
  key: string;

  @Column(column.text('body_hash', 64))
  bodyHash: string;

  @Column(column.id('execution_id'))
  executionId: string;

  @Column(column.moment('expires_at'))
  expiresAt: number;
}
