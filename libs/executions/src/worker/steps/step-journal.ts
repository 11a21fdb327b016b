import { AsyncLocalStorage } from 'node:async_hooks';
import { type JsonValue, LonghaulError, newId, PermanentError } from '@longhaul/kernel';
import type { WaitingFor } from '../../entities/execution.entity';
import type { StepEffects, StepStatus } from '../../lifecycle/steps';
import type { RecordedStep } from '../../statements/read-steps';
import type { NewWait, RecordedWait } from '../../statements/waits';
import type {
  ApprovalDecision,
  ApprovalRequest,
  EndRequest,
  EventRequest,
  InvokeRequest,
  StepOptions,
  StepRunner,
} from '../../step-runner';
import { RunAborted } from '../run-aborted';
import { cutEffect, verdictOn } from './earlier-step';
import { Parking } from './parking';
import type { RecordedSteps } from './recorded-steps';
import { type BegunStep, type JournalledRun, type StepFunction, StepRun } from './step-run';
import { checkEffects, checkKey, keyUsedAgain, waitsInStep } from './step-rules';
import { approvalSpec, childSpec, endSpec, eventSpec, timerSpec, type WaitSpec } from './wait-specs';

/** The step journal as one run sees it. It is read once, when the first step of a run that is not the first wants it. */
export class StepJournal implements StepRunner {
  private readonly used = new Set<string>();
  private readonly open = new Set<Promise<unknown>>();
  private earlier: Promise<RecordedSteps> | undefined;
  private closed = false;
  /** Why something that is recorded could not be read: what follows from that must not be done, nor answered. */
  private unreadable: LonghaulError | undefined;
  /** The key of the step whose function calls. */
  private readonly within = new AsyncLocalStorage<string>();
  private readonly parking: Parking;

  constructor(private readonly owner: JournalledRun) {
    this.parking = new Parking({
      signal: owner.signal,
      isBusy: () => this.closed || this.open.size > 0,
      flush: () => owner.events.flush(),
      park: (waitingFor) => owner.park(waitingFor),
    });
  }

  run<T>(key: string, fn: StepFunction<T>, options: StepOptions = {}): Promise<T> {
    return this.atWork(this.perform(key, (step) => this.within.run(key, () => fn(step)), options));
  }

  statusOf(key: string): Promise<StepStatus | null> {
    this.throwIfOver();
    if (this.isFirst) return Promise.resolve(null);
    return this.atWork(this.recorded(key).then((step) => step?.status ?? null));
  }

  sleep(key: string, durationMs: number, why?: string): Promise<void> {
    return this.wait(key, timerSpec(key, durationMs, why ?? null));
  }

  waitForEvent<T extends JsonValue>(key: string, ask: EventRequest): Promise<T | null> {
    return this.wait(key, eventSpec<T>(key, ask));
  }

  waitForApproval(key: string, ask: ApprovalRequest): Promise<ApprovalDecision> {
    return this.wait(
      key,
      approvalSpec(key, ask, (wait) => this.announce(key, wait)),
    );
  }

  invoke(key: string, ask: InvokeRequest): Promise<JsonValue> {
    return this.wait(key, childSpec(ask, this.owner), ask.effects);
  }

  waitForEnd(key: string, { executionId, target }: EndRequest): Promise<JsonValue> {
    return this.wait(key, endSpec(executionId, target));
  }

  /**
   * The handler is done: nothing more is begun. Resolves when what was begun has ended and is recorded; rejects where what
   * is recorded could not be read, also when the handler has swallowed that.
   */
  async settle(): Promise<void> {
    this.closed = true;
    while (this.open.size > 0) await Promise.allSettled(this.open);
    if (this.unreadable && !this.owner.signal.aborted) throw this.unreadable;
  }

  private async perform<T>(key: string, fn: StepFunction<T>, options: StepOptions): Promise<T> {
    const { effects = 'repeatable', facts = {} } = options;
    const { attempt } = this.owner;
    checkEffects(key, effects);
    this.claimKey(key);
    // Not awaited in a first run: what it begins is begun at once.
    const before = this.isFirst ? undefined : await this.recorded(key);
    const step: BegunStep = { id: before?.id ?? newId('step'), key, effects, attempt, facts };
    if (!before) return this.begin(step, false).carryOut(fn);
    const verdict = verdictOn(before, effects, attempt);
    switch (verdict.kind) {
      case 'replay':
        return (await this.fromRecord((earlier) => earlier.resultOf(key))) as T;
      case 'throw':
        throw verdict.error;
      case 'unknown':
        return this.refuse(step, before);
      case 'wait':
        // The code has changed: it waited under this key, and does something now.
        if (before.effects === 'at_most_once') return this.refuse(step, before);
        return this.begin(step, false).carryOut(fn);
      case 'run':
        return this.begin(step, verdict.resumed).carryOut(fn);
    }
  }

  /** Whether it had its effect is not known. */
  private async refuse(step: BegunStep, before: RecordedStep): Promise<never> {
    const error = cutEffect(step, before.runId);
    await this.begin(step, false).refuse(error);
    throw error;
  }

  private wait<T>(key: string, spec: WaitSpec<T>, effects?: StepEffects): Promise<T> {
    const waited = this.hear(key, spec, effects);
    waited.catch(() => undefined);
    return waited;
  }

  /** What has come for it; or it hangs, and has the run park when nothing else is to be done. */
  private async hear<T>(key: string, spec: WaitSpec<T>, effects?: StepEffects): Promise<T> {
    const state = await this.atWork(this.seeWait(key, spec, effects));
    if (state.kind === 'value') return state.value;
    return this.parking.hang(state.waitingFor);
  }

  private async seeWait<T>(
    key: string,
    spec: WaitSpec<T>,
    effects: StepEffects = 'repeatable',
  ): Promise<{ kind: 'value'; value: T } | { kind: 'pending'; waitingFor: WaitingFor }> {
    const outer = this.within.getStore();
    if (outer !== undefined) throw waitsInStep(key, outer);
    checkEffects(key, effects);
    this.claimKey(key);
    const before = this.isFirst ? undefined : await this.recorded(key);
    const { attempt } = this.owner;
    const step: BegunStep = { id: before?.id ?? newId('step'), key, effects, attempt, facts: {} };
    const verdict = before && verdictOn(before, effects, attempt);
    if (before && verdict?.kind === 'unknown') return this.refuse(step, before);
    if (verdict?.kind === 'replay') {
      return { kind: 'value', value: (await this.fromRecord((earlier) => earlier.resultOf(key))) as T };
    }
    if (verdict?.kind === 'throw') throw verdict.error;
    if (verdict?.kind === 'wait') {
      const outcome = spec.outcome(verdict.wait);
      if (outcome.kind === 'pending') return this.pending(step, spec, verdict.wait);
      await this.begin(step, false).answer(outcome);
      if (outcome.kind === 'error') throw outcome.error;
      return outcome;
    }
    const wait = spec.begin();
    await this.begin(step, false).wait(wait);
    return this.pending(step, spec, { ...wait, child: null });
  }

  private async pending<T>(step: BegunStep, spec: WaitSpec<T>, wait: NewWait | RecordedWait) {
    try {
      await spec.see?.({ child: null, ...wait });
    } catch (error) {
      // It will never come: a wait that stays would be asked about again by each run.
      if (error instanceof PermanentError) await this.begin(step, false).answer({ error });
      throw error;
    }
    return { kind: 'pending' as const, waitingFor: waitingForOf(step.key, wait) };
  }

  private announce(key: string, { id, name, details, wakeInMs }: NewWait): void {
    const expires = wakeInMs === null ? null : new Date(Date.now() + wakeInMs).toISOString();
    const data = { approval_id: id, step: key, subject: name, ...details, expires_at: expires };
    void this.owner.events.append('approval.requested', data).catch(() => undefined);
  }

  private atWork<T>(work: Promise<T>): Promise<T> {
    this.open.add(work);
    // Who does not await it loses its error, and not the process.
    void work
      .catch(() => undefined)
      .finally(() => {
        this.open.delete(work);
        this.parking.look();
      });
    return work;
  }

  /** Nothing is recorded yet. */
  private get isFirst(): boolean {
    return this.owner.epoch === 1;
  }

  private claimKey(key: string): void {
    this.throwIfOver();
    checkKey(key);
    if (this.used.has(key)) throw keyUsedAgain(key);
    this.used.add(key);
    this.parking.stepBegun();
  }

  private begin(step: BegunStep, resumed: boolean): StepRun {
    this.throwIfOver();
    return new StepRun(step, this.owner, resumed);
  }

  private throwIfOver(): void {
    if (this.closed) throw new RunAborted('lease_lost');
    this.owner.signal.throwIfAborted();
    if (this.unreadable) throw this.unreadable;
  }

  private async recorded(key: string): Promise<RecordedStep | undefined> {
    return this.fromRecord((earlier) => earlier.get(key));
  }

  private async fromRecord<T>(read: (earlier: RecordedSteps) => T | Promise<T>): Promise<T> {
    try {
      return await read(await (this.earlier ??= this.owner.read()));
    } catch (error) {
      // The attempt is lost, but by no fault of the agent's, and the record says so.
      const message = `the step journal could not be read: ${String(error)}`;
      this.unreadable = new LonghaulError('unavailable', message, { retryable: true, cause: error });
      throw this.unreadable;
    }
  }
}

function waitingForOf(key: string, { id, kind, name }: Pick<NewWait, 'id' | 'kind' | 'name'>): WaitingFor {
  return { kind, wait_id: id, step: key, ...(name === null ? {} : { name }) };
}
