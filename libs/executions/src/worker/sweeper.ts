import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { faults } from '@longhaul/kernel';
import { Announcer } from '../announcer';
import { Dispatcher } from '../dispatcher';
import { EXECUTIONS_OPTIONS, type ExecutionsOptions } from '../executions-options';
import { DEADLINE_GRACE_MS } from '../lifecycle/transitions';
import { exceedDeadlines } from '../statements/deadlines';
import { takeDueRings } from '../statements/due';
import { meetParents } from '../statements/families';
import { consumeWaitsById, findWaitsOfEnded, meetAskersThatEnded } from '../statements/waits-of-ended';
import { Rounds } from '../rounds';
import { ExecutionsService } from '../executions.service';
import { WaitsService } from '../waits.service';
import { TransitionParticipants } from '../transition-participant';
import { takeBack } from '../statements/take-back';
import { DeadWorkers } from './dead-workers';

const BATCH = 500;

/**
 * The clock's hand, in every worker: ends what is past its deadline, rings what has become due, and takes back what
 * lies under a lease that has ended. Each look is bounded and each write conditional, so any number of sweepers do no harm.
 */
@Injectable()
export class Sweeper {
  private readonly logger = new Logger(Sweeper.name);
  private readonly parents = new Rounds<{ id: string; owner: string }, string>((after) =>
    meetParents(this.database, after),
  );
  private readonly askersThatEnded = new Rounds<string, string>((after) => meetAskersThatEnded(this.database, after));
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private stopped = true;

  constructor(
    private readonly database: Database,
    private readonly deadWorkers: DeadWorkers,
    private readonly dispatcher: Dispatcher,
    private readonly announcer: Announcer,
    private readonly participants: TransitionParticipants,
    private readonly waits: WaitsService,
    private readonly executions: ExecutionsService,
    @Inject(EXECUTIONS_OPTIONS) private readonly options: ExecutionsOptions,
  ) {}

  start(): void {
    this.stopped = false;
    // What a worker that died has left waits for whoever starts in its place.
    this.arm(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  private arm(delayMs = this.options.sweepIntervalMs): void {
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => this.logger.warn(`a sweep failed, the next will do its work: ${String(error)}`))
        .finally(() => {
          if (!this.stopped) this.arm();
        });
    }, delayMs);
  }

  private async endLate(): Promise<void> {
    const refused = (id: string, error: unknown) =>
      this.logger.error(`${id} is past its deadline and cannot be ended, the next sweep tries: ${String(error)}`);
    const limits = { limit: BATCH, graceMs: DEADLINE_GRACE_MS };
    for (const execution of await exceedDeadlines(this.database, limits, this.participants, refused)) {
      this.announcer.dropped(execution);
    }
  }

  private async sweep(): Promise<void> {
    if (faults.off.has('sweeper')) return;
    await this.endLate();
    this.dispatcher.ringMany(await takeDueRings(this.database, BATCH));
    await this.waits.sweep(BATCH);
    await this.deadWorkers.endLeases();
    const refused = (id: string, error: unknown) =>
      this.logger.error(`${id} lost its worker and cannot be taken back, the next sweep tries: ${String(error)}`);
    for (const execution of await takeBack(this.database, BATCH, this.participants, refused)) {
      this.announcer.stopped(execution);
    }
    // Whoever cancels a parent has cancelled its children; this finds those of all others.
    for (const { id, owner } of await this.parents.look()) await this.executions.cancel(id, owner);
    // Last: where it fails, all that somebody waits for has been done.
    const ended = await findWaitsOfEnded(this.database, BATCH);
    await consumeWaitsById(this.database, [...ended, ...(await this.askersThatEnded.look())]);
  }
}
