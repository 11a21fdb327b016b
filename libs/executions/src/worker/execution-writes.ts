import { Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { Batcher } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import { type AppendRequest, appendEvents } from '../statements/append-events';
import { type ClaimOutcome, type ClaimRequest, claimAll } from '../statements/claim';
import { endRuns, type Fence, fenceOf, type RunEnding } from '../statements/end-run';

/** The hot writes of a worker, each grouped with those of the same kind that wait for the same commit. */
@Injectable()
export class ExecutionWrites {
  readonly claims: Batcher<ClaimRequest, ClaimOutcome>;
  readonly endings: Batcher<{ fence: Fence; ending: RunEnding }, Execution | null>;
  readonly events: Batcher<AppendRequest, boolean>;

  constructor(private readonly database: Database) {
    this.claims = new Batcher((requests) => claimAll(database, requests), { maxItems: 64 });
    this.endings = new Batcher((runs) => endRuns(database, runs), { maxItems: 64 });
    this.events = new Batcher((requests) => appendEvents(database, requests), { maxItems: 256 });
  }

  /** The fence under which this worker holds the execution, or null when it does not. */
  fenceOf(executionId: string, workerId: string): Promise<Fence | null> {
    return fenceOf(this.database, executionId, workerId);
  }
}
