import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { column, nullable } from './columns';

/** `timer`: a moment. `child`: another execution's end. `event`: an event of that name. `approval`: a person's word. */
export const WAIT_KINDS = ['timer', 'child', 'event', 'approval'] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

/**
 * What a step waits for, and what came of it. It lets the execution go once it is resolved, its time is over, or its
 * child has ended; it is consumed when the step's result is recorded, and then wakes nobody any more.
 */
@Entity('waits')
@Index('ux_waits_step', ['executionId', 'stepKey'], { unique: true })
@Index('ix_waits_timers', ['wakeAt'], { where: `consumed_at IS NULL AND resolved_at IS NULL` })
@Index('ix_waits_resolved', ['executionId'], { where: `consumed_at IS NULL AND resolved_at IS NOT NULL` })
@Index('ix_waits_children', ['name'], { where: `consumed_at IS NULL AND kind = 'child'` })
@Index('ix_waits_approvals', ['owner', 'id'], { where: `kind = 'approval'` })
@Index('ix_waits_open', ['owner', 'kind', 'name'], { where: `resolved_at IS NULL` })
export class Wait {
  @PrimaryColumn({ ...column.id('id'), primaryKeyConstraintName: 'pk_waits' } as object)
  id: string;

  @Column(column.id('execution_id'))
  executionId: string;

  @Column(column.text('step_key', 200))
  stepKey: string;

  @Column(column.text('owner', 128))
  owner: string;

  @Column(column.text('kind', 16))
  kind: WaitKind;

  /** The event, the child execution, or what is to be approved; null for a timer. */
  @Column(column.text('name', 200, nullable))
  name: string | null;

  @Column(column.json('details'))
  details: JsonObject;

  @Column(column.moment('created_at'))
  createdAt: number;

  /** When it is over whether or not anything came; null = never. */
  @Column(column.moment('wake_at', nullable))
  wakeAt: number | null;

  @Column(column.moment('resolved_at', nullable))
  resolvedAt: number | null;

  @Column(column.json('resolution', nullable))
  resolution: JsonValue | null;

  @Column(column.moment('consumed_at', nullable))
  consumedAt: number | null;
}
