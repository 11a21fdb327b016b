import { column } from '@longhaul/executions';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const nullable = { nullable: true };

/** Somebody who has registered to be called. */
@Entity('webhook_endpoints')
@Index('ix_webhook_endpoints_owner', ['owner', 'id'])
export class WebhookEndpoint {
  @PrimaryColumn({ ...column.id('id'), primaryKeyConstraintName: 'pk_webhook_endpoints' } as object)
  id: string;

  @Column(column.text('owner', 128))
  owner: string;

  @Column(column.prose('url'))
  url: string;

  @Column(column.text('host', 255))
  host: string;

  @Column(column.text('description', 256, nullable))
  description: string | null;

  /** `,execution.completed,execution.failed,`: a search for `,x,` finds x. */
  @Column(column.prose('events'))
  events: string;

  /** The same of agents; empty: all of them. */
  @Column(column.prose('agents'))
  agents: string;

  @Column(column.text('body', 16))
  body: 'thin' | 'whole';

  @Column(column.text('envelope', 16))
  envelope: 'standard' | 'cloudevents';

  /** Kept as it is: whoever signs needs it. */
  @Column(column.text('secret', 128))
  secret: string;

  /** Signs too, until `previousUntil`. */
  @Column(column.text('previous_secret', 128, nullable))
  previousSecret: string | null;

  @Column(column.moment('previous_until', nullable))
  previousUntil: number | null;

  @Column(column.boolean('enabled'))
  enabled: boolean;

  @Column({ ...column.prose('disabled_reason'), ...nullable })
  disabledReason: string | null;

  /** Tries that failed in a row. */
  @Column(column.integer('failures'))
  failures: number;

  /** The circuit: nothing is sent before this; null: it is closed. */
  @Column(column.moment('open_until', nullable))
  openUntil: number | null;

  @Column(column.moment('created_at'))
  createdAt: number;

  @Column(column.moment('updated_at'))
  updatedAt: number;
}
