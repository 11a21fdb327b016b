import { Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { Batcher } from '@longhaul/kernel';
import { HintBus } from '@longhaul/queue';
import { Metrics } from '@longhaul/telemetry';
import type { Execution } from '../entities/execution.entity';
import { type AppendRequest, appendEvents } from '../statements/append-events';
import { type ClaimOutcome, type ClaimRequest, claimAll } from '../statements/claim';
import { endRuns, type RunEnding } from '../statements/end-run';
import { TransitionParticipants } from '../transition-participant';
import { type Fence, fenceOf } from '../statements/fence';
import { readResults, readSteps } from '../statements/read-steps';
import { readValue } from '../statements/step-values';
import { RecordedSteps } from './steps/recorded-steps';

/** Results that are too large for their rows: no transaction is to take long by them. */
const MAX_VALUES_TOGETHER = 16 * 1_048_576;

/** The hot writes of a worker, each grouped with those of the same kind that wait for the same commit. */
@Injectable()
export class ExecutionWrites {
  readonly claims: Batcher<ClaimRequest, ClaimOutcome>;
  readonly endings: Batcher<{ fence: Fence; ending: RunEnding }, Execution | null>;
  readonly events: Batcher<AppendRequest, boolean>;

  constructor(
    private readonly database: Database,
    private readonly hints: HintBus,
    participants: TransitionParticipants,
    private readonly metrics: Metrics,
  ) {
    const limits = { isBadItem: (error: unknown) => database.isRefusal(error) };
    this.claims = new Batcher((requests) => claimAll(database, requests, participants), { ...limits, maxItems: 64 });
    const ended = async (runs: { fence: Fence; ending: RunEnding }[]) =>
      this.countFenced('end', await endRuns(database, runs, participants));
    this.endings = new Batcher(ended, { ...limits, maxItems: 64 });
    this.events = new Batcher((requests) => this.append(requests), {
      ...limits,
      maxItems: 256,
      weight: { of: ({ step }) => step?.value?.length ?? 0, max: MAX_VALUES_TOGETHER },
    });
  }

  /** After the commit those who follow are told, once for all that was stored of an execution. */
  private async append(requests: AppendRequest[]): Promise<boolean[]> {
    const stored = this.countFenced('event', await appendEvents(this.database, requests));
    const grown = new Set(requests.flatMap(({ fence }, index) => (stored[index] ? [fence.executionId] : [])));
    for (const executionId of grown) this.hints.publish({ kind: 'events', executionId });
    return stored;
  }

  isRefusal(error: unknown): boolean {
    return this.database.isRefusal(error);
  }

  /** The fence under which this worker holds the execution, or null when it does not. */
  fenceOf(executionId: string, workerId: string): Promise<Fence | null> {
    return fenceOf(this.database, executionId, workerId);
  }

  /** What the runs of an execution have recorded. */
  async stepsOf(executionId: string): Promise<RecordedSteps> {
    return new RecordedSteps(await readSteps(this.database, executionId), {
      inRows: (keys) => readResults(this.database, executionId, keys),
      apart: (key) => readValue(this.database, executionId, key),
    });
  }

  /** Null and false are what the fence refused. */
  private countFenced<T>(write: 'end' | 'event', outcomes: T[]): T[] {
    for (const outcome of outcomes) if (!outcome) this.metrics.add('fencedWrites', { write });
    return outcomes;
  }
}
