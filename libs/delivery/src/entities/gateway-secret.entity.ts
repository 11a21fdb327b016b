import { column } from '@longhaul/executions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret that the gateway made for itself, the same in all its processes. */
@Entity('gateway_secrets')
export class GatewaySecret {
  @PrimaryColumn({ ...column.text('name', 64), primaryKeyConstraintName: 'pk_gateway_secrets' } as object)
  name: string;

  @Column(column.text('value', 128))
  value: string;
}
