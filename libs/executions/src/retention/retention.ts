import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { EXECUTIONS_OPTIONS, type ExecutionsOptions } from '../executions-options';
import { deleteExpiredKeys } from '../statements/idempotency-keys';
import { deleteOldWorkers } from '../statements/leases';
import { deleteExecutions, deleteSomeEvents, meetEvents, meetExecutions } from '../statements/retention';
import { deleteOldTickets } from '../statements/stream-tickets';
import { IdWalk } from './id-walk';
import type { RetentionParticipant } from './retention-participant';

const INTERVAL_MS = 60_000;
/** Of one look: pages of a walk, and transactions that delete events. */
const MAX_PAGES = 20;
const MAX_DELETIONS = 100;
/** Executions that go in one transaction. */
const BATCH = 50;

/**
 * Deletes what has been over for as long as it is to be kept, a little once a minute, in every worker. What lives, what
 * has something to be delivered and what somebody has to look after stays. What two processes find both, one deletes.
 */
@Injectable()
export class Retention {
  private readonly logger = new Logger(Retention.name);
  private readonly participants: RetentionParticipant[] = [];
  private readonly executions: IdWalk;
  private readonly events: IdWalk;
  private readonly keptMs: number;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopping = false;
  private deletions = 0;

  constructor(
    private readonly database: Database,
    @Inject(EXECUTIONS_OPTIONS) private readonly options: ExecutionsOptions,
  ) {
    // An Idempotency-Key must not outlive what it stands for.
    this.keptMs = Math.max(options.executionsKeptMs, options.idempotencyTtlMs);
    this.executions = new IdWalk((after) => meetExecutions(database, after, this.keptMs, this.participants));
    this.events = new IdWalk((after) => meetEvents(database, after, options.eventsKeptMs));
  }

  /** When the process starts (`onModuleInit`). */
  register(participant: RetentionParticipant): void {
    this.participants.push(participant);
  }

  start(): void {
    this.stopping = false;
    this.arm();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** One look. Each statement of it is short, and it ends early when the process stops. */
  async tidy(): Promise<void> {
    await deleteExpiredKeys(this.database);
    await deleteOldWorkers(this.database);
    await deleteOldTickets(this.database);
    for (const participant of this.participants) await participant.tidy(this.database, this.keptMs);
    this.deletions = MAX_DELETIONS;
    await this.walk(this.executions, (ids) => this.deleteExecutions(ids));
    // Else events go with their executions.
    if (this.options.eventsKeptMs < this.keptMs) await this.walk(this.events, (ids) => this.deleteEvents(ids));
  }

  private arm(): void {
    this.timer = setTimeout(() => {
      this.looking = this.tidy()
        .catch((error: unknown) => this.logger.warn(`tidying up failed, it is tried again: ${String(error)}`))
        .finally(() => {
          if (!this.stopping) this.arm();
        });
    }, INTERVAL_MS);
  }

  private async walk(walk: IdWalk, finish: (ids: string[]) => Promise<boolean>): Promise<void> {
    for (let page = 0; page < MAX_PAGES && this.goesOn; page += 1) {
      const isMore = await walk.step(async (ids) => {
        for (let at = 0; at < ids.length; at += BATCH) {
          if (!(await finish(ids.slice(at, at + BATCH)))) return false;
        }
        return true;
      });
      if (!isMore) return;
    }
  }

  /** Their events first, which may be many. Whether they are gone. */
  private async deleteExecutions(ids: string[]): Promise<boolean> {
    if (!(await this.deleteEvents(ids))) return false;
    await deleteExecutions(this.database, ids, this.keptMs, this.participants);
    return true;
  }

  private async deleteEvents(ids: string[]): Promise<boolean> {
    while (this.goesOn) {
      this.deletions -= 1;
      if (!(await deleteSomeEvents(this.database, ids))) return true;
    }
    return false;
  }

  private get goesOn(): boolean {
    return this.deletions > 0 && !this.stopping;
  }
}
