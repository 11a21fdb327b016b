import type { Database } from '@longhaul/database';
import type { Execution, SubmitOutcome } from '@longhaul/executions';
import { LonghaulError, newId } from '@longhaul/kernel';
import { appendEvents } from '../../../libs/executions/src/statements/append-events';
import { type CancelOutcome, requestCancel } from '../../../libs/executions/src/statements/cancel';
import { type ClaimOutcome, claimAll } from '../../../libs/executions/src/statements/claim';
import { findDue, type FoundRing, takeDueRings } from '../../../libs/executions/src/statements/due';
import { exceedDeadlines } from '../../../libs/executions/src/statements/deadlines';
import { discardDeadLetters } from '../../../libs/executions/src/statements/dead-letters';
import { endRuns } from '../../../libs/executions/src/statements/end-run';
import { fenceOf } from '../../../libs/executions/src/statements/fence';
import { endLapsedLeases, endLease, registerWorker, renewLease } from '../../../libs/executions/src/statements/leases';
import type { Ring } from '../../../libs/executions/src/statements/ring';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { takeBack } from '../../../libs/executions/src/statements/take-back';
import { wakeReady } from '../../../libs/executions/src/statements/wake';
import type { Cast } from './cast';
import { type Ending, OWNER, type Step } from './step';

const LEASE_MS = 600_000;
const GRACE_MS = 15_000;
const DAY_MS = 86_400_000;
const MANY = 1_000;

/** What each kind of step is answered. */
export interface Answers {
  submit: (SubmitOutcome | LonghaulError)[];
  claim: ClaimOutcome[];
  append: boolean[];
  end: (Execution | null)[];
  cancel: CancelOutcome | null;
  redrive: (SubmitOutcome | LonghaulError)[];
  discard: Set<string>;
  idle: { found: FoundRing[]; claim: ClaimOutcome | null };
  heartbeat: { lease: { running: string[]; cancels: string[] } | null; released: (Execution | null)[] };
  sweep: { late: Execution[]; rings: Ring[]; ended: string[]; taken: Execution[] };
  drain: (Execution | null)[];
  arrive: Execution[];
}

/** Hears of every write that was answered, in the order of the answers. */
export interface Witness {
  appended(marker: number, executionId: string, stored: boolean): void;
  ended(execution: Execution): void;
}

/** The processes of a gateway, as far as they are statements: API, two workers, sweeper. Each on its own connection. */
export class Gateway {
  constructor(
    private readonly database: Database,
    readonly cast: Cast,
    private readonly witness: Witness,
  ) {}

  async open(): Promise<void> {
    for (const worker of [0, 1]) await this.starts(worker);
  }

  async submit({ commands }: Step & { do: 'submit' | 'redrive' }): Promise<Answers['submit']> {
    const outcomes = await submitAll(this.database, commands, DAY_MS);
    for (const outcome of outcomes) {
      if ('execution' in outcome && !outcome.replayed) this.cast.executions.push(outcome.execution.id);
    }
    return outcomes;
  }

  async claim({ requests, unheard }: Step & { do: 'claim' }): Promise<Answers['claim']> {
    const outcomes = await claimAll(this.database, requests);
    if (!unheard) for (const outcome of outcomes) this.heard(outcome);
    return outcomes;
  }

  redrive(step: Step & { do: 'redrive' }): Promise<Answers['redrive']> {
    return this.submit(step);
  }

  discard({ ids }: Step & { do: 'discard' }): Promise<Answers['discard']> {
    return discardDeadLetters(this.database, ids, OWNER, 'nobody wants it');
  }

  /** Looks for what waits, whether or not a ring for it is left, and claims the first. */
  async idle({ workerId }: Step & { do: 'idle' }): Promise<Answers['idle']> {
    const found = await findDue(this.database, ['default'], MANY);
    const [first] = found;
    if (!first) return { found, claim: null };
    const request = { executionId: first.executionId, workerId, solo: first.solo };
    const [outcome] = await claimAll(this.database, [request]);
    if (outcome) this.heard(outcome);
    return { found, claim: outcome ?? null };
  }

  async append({ requests }: Step & { do: 'append' }): Promise<Answers['append']> {
    const stored = await appendEvents(this.database, requests);
    for (const [index, { fence, data }] of requests.entries()) {
      this.witness.appended(data.marker as number, fence.executionId, stored[index] === true);
    }
    return stored;
  }

  async end({ endings }: Step & { do: 'end' }): Promise<Answers['end']> {
    const outcomes = await endRuns(this.database, endings);
    for (const [index, outcome] of outcomes.entries()) {
      const { run, fence } = endings[index] as Ending;
      if (fence.epoch === run.epoch && fence.workerId === run.workerId) run.over = true;
      if (outcome) this.tells(outcome);
    }
    return outcomes;
  }

  async cancel({ id, owner }: Step & { do: 'cancel' }): Promise<Answers['cancel']> {
    const outcome = await requestCancel(this.database, id, owner);
    if (outcome?.changed) this.tells(outcome.execution);
    return outcome;
  }

  /** Renews the lease; learns of cancels; gives back what lies under the lease and nobody here runs. */
  async heartbeat({ worker, workerId }: Step & { do: 'heartbeat' }): Promise<Answers['heartbeat']> {
    const lease = await renewLease(this.database, workerId);
    if (lease === null) {
      await this.starts(worker, workerId);
      return { lease, released: [] };
    }
    for (const run of this.cast.heldBy(workerId)) run.told ||= lease.cancels.includes(run.executionId);
    const released = [];
    for (const executionId of lease.running) {
      if (this.cast.holds(workerId, executionId)) continue;
      const fence = await fenceOf(this.database, executionId, workerId);
      if (!fence || this.cast.holds(workerId, executionId)) continue;
      const [outcome = null] = await endRuns(this.database, [{ fence, ending: { kind: 'released' } }]);
      if (outcome) this.tells(outcome);
      released.push(outcome);
    }
    return { lease, released };
  }

  /** The database has not heard of the worker for longer than a lease lasts. The worker may know nothing of it. */
  async silence({ workerId }: Step & { do: 'silence' }): Promise<void> {
    await this.database.run('UPDATE workers SET renewed_at = renewed_at - $2 WHERE id = $1', [workerId, 2 * LEASE_MS]);
  }

  /** Nothing is given back; the old lease waits for the next sweep. */
  async restart({ worker, workerId }: Step & { do: 'restart' }): Promise<void> {
    await this.silence({ do: 'silence', worker, workerId });
    await this.starts(worker, workerId);
  }

  async drain({ worker, workerId }: Step & { do: 'drain' }): Promise<Answers['drain']> {
    const held = this.cast.heldBy(workerId);
    const endings = held.map((fence) => ({ fence, ending: { kind: 'released' as const } }));
    const outcomes = endings.length > 0 ? await endRuns(this.database, endings) : [];
    for (const outcome of outcomes) if (outcome) this.tells(outcome);
    await endLease(this.database, workerId);
    await this.starts(worker, workerId);
    return outcomes;
  }

  async sweep(): Promise<Answers['sweep']> {
    const late = await exceedDeadlines(this.database, { limit: MANY, graceMs: GRACE_MS });
    for (const execution of late) this.tells(execution);
    const rings = await takeDueRings(this.database, MANY);
    const ended = await endLapsedLeases(this.database, LEASE_MS);
    const taken = await takeBack(this.database, MANY);
    for (const execution of taken) this.tells(execution);
    return { late, rings, ended, taken };
  }

  /** For whoever waits, and nobody else: what comes for others is for the journal to see, and wakes nobody. */
  async arrive({ id }: Step & { do: 'late' | 'arrive' }): Promise<Answers['arrive']> {
    const { now } = this.database.dialect;
    await this.database.run(
      `INSERT INTO waits (id, execution_id, step_key, owner, kind, details, created_at, resolved_at)
       SELECT 'wait_' || id, id, 'nap', owner, 'timer', '{}', ${now}, ${now} FROM executions
       WHERE id = $1 AND status = 'waiting'
       ON CONFLICT (execution_id, step_key) DO NOTHING`,
      [id],
    );
    return wakeReady(this.database, [id]);
  }

  async late({ id }: Step & { do: 'late' | 'arrive' }): Promise<void> {
    await this.database.run(
      `UPDATE executions SET deadline_at = ${this.database.dialect.now} - $2 WHERE id = $1 AND completed_at IS NULL`,
      [id, 2 * GRACE_MS],
    );
  }

  async pass(): Promise<void> {
    const { now } = this.database.dialect;
    await this.database.run(
      `UPDATE executions SET due_at = ${now}, ring_after = ${now} WHERE status = 'queued' AND due_at > ${now}`,
    );
  }

  async wait(): Promise<void> {
    const { now } = this.database.dialect;
    await this.database.run(`UPDATE executions SET ring_after = ${now} WHERE status = 'queued' AND due_at <= ${now}`);
  }

  private async starts(worker: number, before?: string): Promise<void> {
    for (const run of before === undefined ? [] : this.cast.heldBy(before)) run.over = true;
    const id = newId('wrk');
    await registerWorker(this.database, { id, host: 'h', pid: 1, version: '0', queues: {} });
    this.cast.workers[worker] = id;
  }

  private tells(execution: Execution): void {
    if (execution.status === 'failed') this.cast.failed.push(execution.id);
    this.witness.ended(execution);
  }

  private heard(outcome: ClaimOutcome): void {
    if (outcome.kind === 'claimed') this.cast.begins(outcome.execution);
  }
}
