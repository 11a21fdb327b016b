import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { ExecutionCounters } from '../execution-counters';
import { EXECUTIONS_OPTIONS, type ExecutionsOptions } from '../executions-options';
import { endLapsedLeases, endLeasesOfDead, type Silence, withoutLifeSign } from '../statements/leases';
import { WorkerLease } from './worker-lease';

const LOOK_INTERVAL_MS = 500;
/** Between the two looks that find no life sign: twice what a worker may take to show a lost one again. */
const LOOKS_APART_MS = 1_000;

/** Ends the leases of workers that are no more: those that fell silent, and at once those that are seen to have died. */
@Injectable()
export class DeadWorkers {
  private readonly logger = new Logger(DeadWorkers.name);
  /** Those that the last look found without a life sign, and when they were first found so. */
  private suspects = new Map<string, Silence & { since: number }>();
  private nextLookAt = 0;

  constructor(
    private readonly database: Database,
    private readonly lease: WorkerLease,
    private readonly counters: ExecutionCounters,
    @Inject(EXECUTIONS_OPTIONS) private readonly options: ExecutionsOptions,
  ) {}

  async endLeases(): Promise<void> {
    const lapsed = await endLapsedLeases(this.database, this.options.leaseTtlMs, this.lease.id);
    if (lapsed.length > 0) this.logger.warn(`no heartbeat from ${lapsed.join(', ')}: their executions are taken back`);
    this.counters.leasesLost('silent', lapsed.length);
    if (!this.options.deathCertificates || performance.now() < this.nextLookAt) return;
    this.nextLookAt = performance.now() + LOOK_INTERVAL_MS;
    const died = await this.look();
    if (died.length > 0) this.logger.warn(`${died.join(', ')} died: their executions are taken back`);
    this.counters.leasesLost('died', died.length);
  }

  private async look(): Promise<string[]> {
    const before = this.suspects;
    // A look that fails says nothing of anybody: the next is a first one.
    this.suspects = new Map();
    const found = await withoutLifeSign(this.database, this.lease.id);
    const now = performance.now();
    for (const silence of found) {
      const earlier = before.get(silence.id);
      const goesOn = earlier?.renewedAt === silence.renewedAt;
      this.suspects.set(silence.id, { ...silence, since: goesOn ? earlier.since : now });
    }
    const certain = [...this.suspects.values()].filter(({ since }) => now - since >= LOOKS_APART_MS);
    return certain.length > 0 ? endLeasesOfDead(this.database, certain) : [];
  }
}
