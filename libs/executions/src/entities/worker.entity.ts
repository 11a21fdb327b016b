import type { JsonObject } from '@longhaul/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { column, nullable } from './columns';

/** One incarnation of a process that runs executions, and its one lease. */
@Entity('workers')
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
}
