import { faults, type JsonObject, type JsonValue, LonghaulError, NoEffectError } from '@longhaul/kernel';
import { PermanentError, toFailure, toJsonText } from '@longhaul/kernel';
import { inSpan } from '@longhaul/telemetry';
import type { Usage, WaitingFor } from '../../entities/execution.entity';
import type { StepStatus } from '../../lifecycle/steps';
import { MAX_RESULT_IN_ROW } from '../../statements/step-values';
import type { StepChange } from '../../statements/steps';
import type { NewWait } from '../../statements/waits';
import type { InvokeRequest, StepContext } from '../../step-runner';
import type { SubmitCommand } from '../../submit-command';
import type { RunEventWriter } from '../run-event-writer';
import { storable } from '../run-ending';
import { afterThrow, isDefinite } from './earlier-step';
import type { RecordedSteps } from './recorded-steps';
import { idempotencyKey, resultText } from './step-rules';

/** The run that a journal belongs to. */
export interface JournalledRun {
  executionId: string;
  /** 1: nobody has run it before, and there is nothing to read. */
  epoch: number;
  attempt: number;
  signal: AbortSignal;
  events: RunEventWriter;
  /** All that earlier runs have recorded. */
  read(): Promise<RecordedSteps>;
  /** It has nothing to do but wait: it ends, and comes back. */
  park(waitingFor: WaitingFor[]): void;
  /** Throws a `PermanentError` where there can be no such child. */
  childCommand(childId: string, ask: InvokeRequest): SubmitCommand;
  submit(command: SubmitCommand): Promise<void>;
}

export type StepFunction<T> = (step: StepContext) => Promise<T> | T;
/** What of a step stays the same until its end. */
export type BegunStep = Pick<StepChange, 'id' | 'key' | 'effects' | 'attempt'> & { facts: JsonObject };

/** A result, and the JSON that is recorded of it. */
interface Done {
  text: string;
  result: JsonValue;
}

const inRowOrApart = ({ text, result }: Done) => (text.length > MAX_RESULT_IN_ROW ? { value: text } : { result });

/** One step of one run, from its START to its end. */
export class StepRun {
  private told: JsonObject = {};
  private usage: Usage | undefined;

  constructor(
    private readonly step: BegunStep,
    private readonly owner: JournalledRun,
    private readonly resumed: boolean,
  ) {}

  async carryOut<T>(fn: StepFunction<T>): Promise<T> {
    const { effects, attempt } = this.step;
    const started = this.record('step.started', 'started', { effects, attempt }).then(() => faults.at('step.started'));
    // One that may run again anyhow does not wait: its result is stored behind its START, never without it.
    if (effects === 'repeatable') started.catch(() => undefined);
    else await started.catch((error: unknown) => this.notBegun(error));
    let done: Done;
    try {
      done = this.recordable(await this.call(fn));
    } catch (error) {
      return this.fail(error);
    }
    await Promise.all([started, this.complete(done)]);
    faults.at('step.recorded');
    return done.result as T;
  }

  /** Its START may be stored although the answer to it was lost: it must not look as if the function had been called. */
  private async notBegun(error: unknown): Promise<never> {
    if (error instanceof LonghaulError && this.step.effects === 'at_most_once') {
      const nothing = new NoEffectError('the step was not begun: the answer to the storing of its START was lost');
      await this.storeFailure('interrupted', nothing).catch(() => undefined);
    }
    throw error;
  }

  /** It does not run: whether an earlier run's is done is not known. */
  async refuse(error: LonghaulError): Promise<void> {
    await this.record('step.failed', 'interrupted', {}, { error: toFailure(error), wait: 'over' });
  }

  /** It waits, and that is durable. */
  async wait(wait: NewWait): Promise<void> {
    const facts = { kind: wait.kind, wait_id: wait.id, ...(wait.name === null ? {} : { name: wait.name }) };
    await this.record('step.started', 'waiting', { ...facts, attempt: this.step.attempt }, { wait });
    faults.at('step.started');
  }

  /** What it waited for is there. */
  async answer(outcome: { value: unknown } | { error: LonghaulError }): Promise<void> {
    const end = { wait: 'over' as const };
    if ('error' in outcome) {
      await this.record('step.failed', 'failed', {}, { ...end, error: storable(toFailure(outcome.error)) });
    } else {
      const done = { text: toJsonText(outcome.value), result: outcome.value as JsonValue };
      await this.record('step.completed', 'completed', {}, { ...end, ...inRowOrApart(done) });
    }
    faults.at('step.recorded');
  }

  private call<T>(fn: StepFunction<T>): Promise<T> {
    const { signal, executionId } = this.owner;
    // Told so while START was being stored: then that must not look as if it had been begun.
    if (signal.aborted) throw new NoEffectError('the run was told to stop before the step was begun');
    const attributes = { 'longhaul.step.id': this.step.id, 'longhaul.step.key': this.step.key };
    return inSpan(`step ${this.step.key}`, { attributes }, () => fn(this.contextOf(signal, executionId)));
  }

  private contextOf(signal: AbortSignal, executionId: string): StepContext {
    return {
      stepId: this.step.id,
      idempotencyKey: idempotencyKey(executionId, this.step.key),
      attempt: this.step.attempt,
      resumed: this.resumed,
      signal,
      tell: (facts, usage) => {
        this.told = { ...this.told, ...facts };
        if (usage) this.usage = usage;
      },
    };
  }

  /** As it would be read from the journal, so that a first run and a later one do not differ. */
  private recordable(given: unknown): Done {
    faults.at('step.effect');
    const text = resultText(this.step.key, given);
    return { text, result: JSON.parse(text) as JsonValue };
  }

  private async complete(done: Done): Promise<void> {
    try {
      await this.record('step.completed', 'completed', {}, inRowOrApart(done));
    } catch (error) {
      if (!(error instanceof LonghaulError) || error.retryable) throw error;
      const message = `the result of step "${this.step.key}" cannot be stored: ${error.message}`;
      throw new PermanentError(message, { code: error.code, cause: error });
    }
  }

  /** Records what was thrown, where it says something of the step; never returns. */
  private async fail(error: unknown): Promise<never> {
    const { signal } = this.owner;
    const once = this.step.effects === 'at_most_once';
    if (signal.aborted) {
      // Cut: the row says started, and whoever comes next knows what that means for it.
      if (once && isDefinite(error)) {
        const status = error instanceof NoEffectError ? 'interrupted' : 'failed';
        await this.storeFailure(status, error).catch(() => undefined);
      }
      throw signal.reason;
    }
    const failure = once ? afterThrow(this.step, error) : error;
    await this.storeFailure('failed', failure);
    throw failure;
  }

  private storeFailure(status: StepStatus, thrown: unknown): Promise<void> {
    return this.record('step.failed', status, {}, { error: storable(toFailure(thrown)) });
  }

  private record(
    type: 'step.started' | 'step.completed' | 'step.failed',
    status: StepStatus,
    more: JsonObject,
    end: Pick<StepChange, 'result' | 'value' | 'error' | 'wait'> = {},
  ): Promise<void> {
    const { facts, ...row } = this.step;
    const error: JsonObject = end.error ? { error: { ...end.error } } : {};
    const data = { step_id: row.id, key: row.key, ...more, ...facts, ...this.told, ...error };
    const usage = type === 'step.started' ? undefined : this.usage;
    return this.owner.events.record({ type, data, step: { ...row, status, ...end } }, usage);
  }
}
