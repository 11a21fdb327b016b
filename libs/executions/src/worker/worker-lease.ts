import { hostname } from 'node:os';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { type JsonObject, newId } from '@longhaul/kernel';
import { HintBus } from '@longhaul/queue';
import { EXECUTIONS_OPTIONS, type ExecutionsOptions } from '../executions-options';
import { endLease, registerWorker, renewLease } from '../statements/leases';
import { ActiveRuns } from './active-runs';
import { StrayRuns } from './stray-runs';

/** The share of the lease after which a worker that could not renew it stops its own runs: before a sweeper may act. */
const SELF_FENCE_SHARE = 0.8;

/**
 * The one lease of this worker, renewed by one heartbeat for all it runs. The heartbeat also brings the cancels whose
 * hint was lost. A worker that cannot renew in time fences itself: it aborts its runs while they are still its own,
 * and starts anew, as another worker, when the database answers again.
 */
@Injectable()
export class WorkerLease {
  private readonly logger = new Logger(WorkerLease.name);
  private workerId = '';
  private description: { queues: JsonObject; version: string } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private fenceTimer: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;
  /** The runs were aborted for want of a renewal: what the lease still covers nobody runs, so it must not live on. */
  private fenced = false;

  constructor(
    private readonly database: Database,
    private readonly hints: HintBus,
    private readonly runs: ActiveRuns,
    private readonly strays: StrayRuns,
    @Inject(EXECUTIONS_OPTIONS) private readonly options: ExecutionsOptions,
  ) {}

  /** The present incarnation; empty before the start. */
  get id(): string {
    return this.workerId;
  }

  /** Whether what this worker claimed under that incarnation may still be run. */
  covers(workerId: string): boolean {
    return workerId === this.workerId && !this.fenced;
  }

  async start(description: { queues: JsonObject; version: string }): Promise<void> {
    this.description = description;
    await this.register();
    this.unsubscribe = this.hints.subscribe((hint) => {
      if (hint.kind === 'cancel') this.runs.abort(hint.executionId, 'cancel');
    });
    this.arm();
  }

  /** The runs have ended, or have been released. */
  async end(): Promise<void> {
    this.description = undefined;
    this.unsubscribe();
    clearTimeout(this.timer);
    clearTimeout(this.fenceTimer);
    if (this.workerId !== '') await endLease(this.database, this.workerId);
  }

  private arm(): void {
    this.timer = setTimeout(() => void this.beat(), this.options.heartbeatMs);
  }

  private async beat(): Promise<void> {
    const sentAt = performance.now();
    try {
      if (this.fenced) await endLease(this.database, this.workerId);
      const lease = await renewLease(this.database, this.workerId);
      if (!this.description) return;
      if (lease === null) await this.lost();
      else {
        this.guard(sentAt);
        for (const executionId of lease.cancels) this.runs.abort(executionId, 'cancel');
        // Not awaited: the next heartbeat must not wait for it.
        void this.strays.giveBack(lease.running, this.workerId);
      }
    } catch (error) {
      this.logger.warn(`the lease of worker ${this.workerId} could not be renewed: ${String(error)}`);
    }
    if (this.description) this.arm();
  }

  private async register(): Promise<void> {
    if (!this.description) return;
    const sentAt = performance.now();
    const id = newId('wrk');
    await registerWorker(this.database, { id, host: hostname(), pid: process.pid, ...this.description });
    if (!this.description) return endLease(this.database, id);
    this.workerId = id;
    this.fenced = false;
    this.guard(sentAt);
  }

  /** The lease is good from the moment at which its renewal was sent, not from that at which the answer came. */
  private guard(sentAt: number): void {
    clearTimeout(this.fenceTimer);
    const until = sentAt + this.options.leaseTtlMs * SELF_FENCE_SHARE;
    this.fenceTimer = setTimeout(() => {
      this.logger.error(`worker ${this.workerId} could not renew its lease in time: its runs are aborted`);
      this.fenced = true;
      this.runs.abortAll('lease_lost');
    }, until - performance.now());
  }

  private async lost(): Promise<void> {
    this.logger.error(`the lease of worker ${this.workerId} has ended: its runs are aborted, it starts anew`);
    this.runs.abortAll('lease_lost');
    await this.register();
  }
}
