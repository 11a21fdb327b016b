import { column } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const nullable = { nullable: true };

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
/** `pending`: it is being tried, or will be. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Who named the target: whoever submitted or registered, or the operator, in gateway.yaml or an AGENT.md. */
export type DeliverySource = 'client' | 'operator';

/** One thing that must leave: one event, through one channel, to one target. */
@Entity('deliveries')
@Index('ux_deliveries_once', ['subject', 'event', 'channel', 'targetKey'], { unique: true })
@Index('ix_deliveries_due', ['dueAt'], { where: `status = 'pending'` })
@Index('ix_deliveries_owner', ['owner', 'id'])
export class DeliveryRow {
  /** The same over all tries: the `webhook-id`. */
  @PrimaryColumn({ ...column.id('id'), primaryKeyConstraintName: 'pk_deliveries' } as object)
  id: string;

  @Column(column.text('owner', 128))
  owner: string;

  /** Null for what is about no execution. */
  @Column(column.id('execution_id', nullable))
  executionId: string | null;

  /** What it is about: the execution's id, or what its order said. */
  @Column(column.text('subject', 128))
  subject: string;

  /** `execution.completed`… */
  @Column(column.text('event', 64))
  event: string;

  @Column(column.text('agent', 128, nullable))
  agent: string | null;

  /** The name of its `DeliveryChannel`. */
  @Column(column.text('channel', 32))
  channel: string;

  /** Where to, in the channel's own terms. */
  @Column(column.prose('target'))
  target: string;

  /** The target, or its hash where that is long. */
  @Column(column.text('target_key', 64))
  targetKey: string;

  /** Deliveries of one lane share a limit of how many are sent at once: the host they go to. */
  @Column(column.text('lane', 255))
  lane: string;

  /** What the operator named is shown to nobody else. */
  @Column(column.text('source', 16))
  source: DeliverySource;

  /** What the channel needs besides. */
  @Column(column.json('options', nullable))
  options: JsonObject | null;

  @Column(column.text('status', 16))
  status: DeliveryStatus;

  /** The number of the latest try, counted when it begins. */
  @Column(column.integer('attempt'))
  attempt: number;

  /** `attempt` when somebody last asked for it to be sent again: the schedule begins anew there. */
  @Column(column.integer('attempts_before'))
  attemptsBefore: number;

  /** When it is to be tried; while it is claimed, when the claim ends. */
  @Column(column.moment('due_at'))
  dueAt: number;

  /** Then it fails, whatever the schedule says. */
  @Column(column.moment('give_up_at'))
  giveUpAt: number;

  /** Of the sender that tries it at the moment; what one without it writes is refused. */
  @Column(column.id('claim', nullable))
  claim: string | null;

  @Column(column.moment('created_at'))
  createdAt: number;

  @Column(column.moment('ended_at', nullable))
  endedAt: number | null;

  /** Of the latest try, where the channel has such a thing: the HTTP status. */
  @Column(column.integer('last_status', nullable))
  lastStatus: number | null;

  @Column({ ...column.prose('last_error'), ...nullable })
  lastError: string | null;
}
