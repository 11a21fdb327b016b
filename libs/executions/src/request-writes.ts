import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { Batcher, type LonghaulError } from '@longhaul/kernel';
import { EXECUTIONS_OPTIONS, type ExecutionsOptions } from './executions-options';
import { type CancelOutcome, requestCancel } from './statements/cancel';
import { liveChildren } from './statements/families';
import { submitAll, type SubmitOutcome } from './statements/submit';
import type { SubmitCommand } from './submit-command';
import { TransitionParticipants } from './transition-participant';

/** The writes of those who ask for something: submissions, grouped where they wait for the same commit, and cancels. */
@Injectable()
export class RequestWrites {
  readonly submissions: Batcher<SubmitCommand, SubmitOutcome | LonghaulError>;

  constructor(
    private readonly database: Database,
    private readonly participants: TransitionParticipants,
    @Inject(EXECUTIONS_OPTIONS) { idempotencyTtlMs }: ExecutionsOptions,
  ) {
    this.submissions = new Batcher((commands) => submitAll(database, commands, idempotencyTtlMs, participants), {
      maxItems: 128,
      parallel: 2,
      isBadItem: (error) => database.isRefusal(error),
    });
  }

  /** The live ones. */
  childrenOf(id: string): Promise<string[]> {
    return liveChildren(this.database, id);
  }

  cancel(id: string, owner: string): Promise<CancelOutcome | null> {
    return requestCancel(this.database, id, owner, this.participants);
  }
}
