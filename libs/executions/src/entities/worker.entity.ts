import type { JsonObject } from '@longhaul/kernel';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { column, nullable } from './columns';

/** `stopped`: of its own will. `silent`: it did not renew its lease. `died`: its life sign was gone. */
export const WORKER_END_REASONS = ['stopped', 'silent', 'died'] as const;
export type WorkerEndReason = (typeof WORKER_END_REASONS)[number];

/** One incarnation of a process that runs executions, and its one lease. */
@Entity('workers')
@Index('ix_workers_living', ['id'], { where: 'ended_at IS NULL' })
export class Worker {
  @PrimaryColumn({ ...column.id('id'), primaryKeyConstraintName: 'pk_workers' } as object)
  id: string;

  @Column(column.text('host', 256))
  host: string;

  @Column(column.integer('pid'))
  pid: number;

  @Column(column.text('version', 32))
  version: string;

  /** Queue names and their slots. */
  @Column(column.json('queues'))
  queues: JsonObject;

  @Column(column.moment('started_at'))
  startedAt: number;

  @Column(column.moment('renewed_at'))
  renewedAt: number;

  /** Set by the worker when it stops, or by a sweeper that found the lease lapsed. It never lives again. */
  @Column(column.moment('ended_at', nullable))
  endedAt: number | null;

  /** Why it ended. */
  @Column(column.text('end_reason', 16, nullable))
  endReason: WorkerEndReason | null;

  /** Executions that run here at once, over all queues; null: each request has its own. */
  @Column(column.integer('slots', nullable))
  slots: number | null;

  /** By which others see that it died: see `LifeSign`. Null: its silence alone tells. */
  @Column(column.text('life_sign', 128, nullable))
  lifeSign: string | null;

  /** Somebody asked it to take nothing more. */
  @Column(column.moment('drain_requested_at', nullable))
  drainRequestedAt: number | null;
}
