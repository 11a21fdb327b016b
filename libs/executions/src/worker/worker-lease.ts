import { hostname } from 'node:os';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database, type LifeSign } from '@longhaul/database';
import { newId } from '@longhaul/kernel';
import { HintBus } from '@longhaul/queue';
import { ExecutionCounters } from '../execution-counters';
import { EXECUTIONS_OPTIONS, type ExecutionsOptions } from '../executions-options';
import { endLease, registerWorker, renewLease, requestDrain, type WorkerIdentity } from '../statements/leases';
import { ActiveRuns } from './active-runs';
import { LeaseGuard } from './lease-guard';
import { StrayRuns } from './stray-runs';

/** The share of the lease after which a worker that could not renew it stops its own runs: before a sweeper may act. */
const SELF_FENCE_SHARE = 0.8;

type WorkerDescription = Pick<WorkerIdentity, 'queues' | 'slots' | 'version'>;

/**
 * The one lease of this worker, renewed by one heartbeat for all it runs. The heartbeat also brings the cancels whose
 * hint was lost. A worker that cannot renew in time, or show that it lives, fences itself: it aborts its runs while
 * they are still its own, and starts anew, as another worker, when the database answers again.
 */
@Injectable()
export class WorkerLease {
  private readonly logger = new Logger(WorkerLease.name);
  private readonly guard: LeaseGuard;
  private workerId = '';
  private description: WorkerDescription | undefined;
  private sign: LifeSign | undefined;
  private timer: NodeJS.Timeout | undefined;
  private beating = false;
  private hurried = false;
  private unsubscribe: () => void = () => undefined;
  private onDrain: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly hints: HintBus,
    private readonly runs: ActiveRuns,
    private readonly strays: StrayRuns,
    private readonly counters: ExecutionCounters,
    @Inject(EXECUTIONS_OPTIONS) private readonly options: ExecutionsOptions,
  ) {
    this.guard = new LeaseGuard(options.leaseTtlMs * SELF_FENCE_SHARE, (reason) => this.fence(reason));
  }

  /** The present incarnation; empty before the start. */
  get id(): string {
    return this.workerId;
  }

  /** Whether what this worker claimed under that incarnation may still be run; aborts all runs when it finds that not. */
  covers(workerId: string): boolean {
    return workerId === this.workerId && this.guard.holds;
  }

  async start(description: WorkerDescription): Promise<void> {
    this.description = description;
    await this.register(description);
    this.unsubscribe = this.hints.subscribe((hint) => {
      if (hint.kind === 'cancel') this.runs.abort(hint.executionId, 'cancel');
      if (hint.kind === 'drain' && hint.workerId === this.workerId) this.onDrain();
    });
    this.arm();
  }

  /** Calls back when somebody asks that this worker take nothing more; perhaps more than once. */
  whenAskedToDrain(action: () => void): void {
    this.onDrain = action;
  }

  /** It takes nothing more: for others to see. Never rejects. */
  async drains(): Promise<void> {
    await requestDrain(this.database, this.workerId).catch(() => undefined);
  }

  /** Whether there was a worker in this process, and there is none any more. */
  get hasEnded(): boolean {
    return this.workerId !== '' && !this.description;
  }

  /** The runs have ended, or have been released. */
  async end(): Promise<void> {
    this.description = undefined;
    this.unsubscribe();
    clearTimeout(this.timer);
    this.guard.release();
    try {
      if (this.workerId !== '') await endLease(this.database, this.workerId);
    } finally {
      await this.sign?.close();
    }
  }

  private arm(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.beat(), this.hurried ? 0 : this.options.heartbeatMs);
  }

  /** The next heartbeat is due now. */
  private hurry(): void {
    this.hurried = true;
    if (!this.beating && this.description) this.arm();
  }

  private async beat(): Promise<void> {
    this.beating = true;
    this.hurried = false;
    try {
      await this.renew();
    } catch (error) {
      this.logger.warn(`the lease of worker ${this.workerId} could not be renewed: ${String(error)}`);
    }
    this.beating = false;
    if (this.description) this.arm();
  }

  private async renew(): Promise<void> {
    if (!this.guard.holds) {
      // What the lease still covers nobody runs, so it must not live on.
      await endLease(this.database, this.workerId);
      return this.startAnew();
    }
    const sentAt = performance.now();
    const lease = await renewLease(this.database, this.workerId, this.sign);
    if (!this.description) return;
    if (lease === null) {
      this.guard.fall('its lease was ended by others');
      return this.startAnew();
    }
    if (this.guard.holds) this.guard.renewed(sentAt);
    if (lease.drains) this.onDrain();
    for (const executionId of lease.cancels) this.runs.abort(executionId, 'cancel');
    // Not awaited: the next heartbeat must not wait for it.
    void this.strays.giveBack(lease.running, this.workerId);
  }

  private fence(reason: string): void {
    this.logger.error(`worker ${this.workerId}: ${reason}. Its runs are aborted, it starts anew`);
    this.counters.leasesLost('fenced');
    this.runs.abortAll('lease_lost');
    this.hurry();
  }

  private async startAnew(): Promise<void> {
    await this.sign?.close();
    this.sign = undefined;
    if (this.description) await this.register(this.description);
  }

  private async register(description: WorkerDescription): Promise<void> {
    const id = newId('wrk');
    let lost: string | undefined;
    const onLost = (reason: string) => {
      lost = `its life sign is lost (${reason})`;
      if (id === this.workerId) this.guard.fall(lost);
    };
    const onRestored = () => id === this.workerId && this.hurry();
    const { deathCertificates } = this.options;
    const sign = deathCertificates ? await this.database.showLife({ onLost, onRestored }) : undefined;
    const sentAt = performance.now();
    try {
      const lifeSign = sign?.mark ?? null;
      await registerWorker(this.database, { id, host: hostname(), pid: process.pid, lifeSign, ...description });
      if (!this.description) await endLease(this.database, id);
    } catch (error) {
      await sign?.close();
      throw error;
    }
    if (!this.description) return sign?.close();
    this.workerId = id;
    this.sign = sign;
    this.guard.renewed(sentAt);
    if (lost) this.guard.fall(lost);
  }
}
