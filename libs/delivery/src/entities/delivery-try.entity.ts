import { column } from '@longhaul/executions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const nullable = { nullable: true };
const key = { primaryKeyConstraintName: 'pk_delivery_tries' };

/** One try at a delivery. A number that is missing is a try whose sender was killed. */
@Entity('delivery_tries')
export class DeliveryTry {
  @PrimaryColumn({ ...column.id('delivery_id'), ...key } as object)
  deliveryId: string;

  /** From 1. */
  @PrimaryColumn({ ...column.integer('attempt'), ...key } as object)
  attempt: number;

  /** When it was over. */
  @Column(column.moment('at'))
  at: number;

  @Column(column.integer('duration_ms'))
  durationMs: number;

  @Column(column.text('outcome', 16))
  outcome: 'delivered' | 'failed';

  @Column(column.integer('status', nullable))
  status: number | null;

  @Column({ ...column.prose('error'), ...nullable })
  error: string | null;

  /** The beginning of what the receiver answered, without secrets. */
  @Column({ ...column.prose('excerpt'), ...nullable })
  excerpt: string | null;
}
