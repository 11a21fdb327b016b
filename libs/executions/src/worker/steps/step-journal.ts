import { LonghaulError, newId } from '@longhaul/kernel';
import type { RecordedStep } from '../../statements/steps';
import type { StepOptions, StepRunner } from '../../step-runner';
import { RunAborted } from '../run-aborted';
import { cutEffect, verdictOn } from './earlier-step';
import { type BegunStep, type JournalledRun, type StepFunction, StepRun } from './step-run';
import { checkEffects, checkKey, keyUsedAgain } from './step-rules';

/** The step journal as one run sees it. It is read once, when the first step of a run that is not the first wants it. */
export class StepJournal implements StepRunner {
  private readonly used = new Set<string>();
  private readonly open = new Set<Promise<unknown>>();
  private earlier: Promise<Map<string, RecordedStep>> | undefined;
  private closed = false;

  constructor(private readonly owner: JournalledRun) {}

  run<T>(key: string, fn: StepFunction<T>, options: StepOptions = {}): Promise<T> {
    const running = this.perform(key, fn, options);
    this.open.add(running);
    // Who does not await it loses its error, and not the process.
    void running.catch(() => undefined).finally(() => this.open.delete(running));
    return running;
  }

  /** The handler is done: nothing more is begun. Resolves when what was begun has ended and is recorded. */
  async settle(): Promise<void> {
    this.closed = true;
    while (this.open.size > 0) await Promise.allSettled(this.open);
  }

  private async perform<T>(key: string, fn: StepFunction<T>, options: StepOptions): Promise<T> {
    const { effects = 'repeatable', facts = {} } = options;
    const { epoch, attempt } = this.owner;
    this.throwIfOver();
    checkKey(key);
    checkEffects(key, effects);
    if (this.used.has(key)) throw keyUsedAgain(key);
    this.used.add(key);
    const before = epoch > 1 ? await this.recorded(key) : undefined;
    const step: BegunStep = { id: before?.id ?? newId('step'), key, effects, attempt, facts };
    if (!before) return this.begin(step, false).carryOut(fn);
    const verdict = verdictOn(before, effects, attempt);
    switch (verdict.kind) {
      case 'replay':
        return verdict.result as T;
      case 'throw':
        throw verdict.error;
      case 'unknown': {
        const error = cutEffect(step, before.runId);
        await this.begin(step, false).refuse(error);
        throw error;
      }
      case 'run':
        return this.begin(step, verdict.resumed).carryOut(fn);
    }
  }

  private begin(step: BegunStep, resumed: boolean): StepRun {
    this.throwIfOver();
    return new StepRun(step, this.owner, resumed);
  }

  private throwIfOver(): void {
    if (this.closed) throw new RunAborted('lease_lost');
    this.owner.signal.throwIfAborted();
  }

  private async recorded(key: string): Promise<RecordedStep | undefined> {
    try {
      return (await (this.earlier ??= this.owner.read())).get(key);
    } catch (error) {
      // The attempt is lost, but by no fault of the agent's, and the record says so.
      const message = `the step journal could not be read: ${String(error)}`;
      throw new LonghaulError('unavailable', message, { retryable: true, cause: error });
    }
  }
}
