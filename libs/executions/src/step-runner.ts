import type { JsonObject } from '@longhaul/kernel';
import type { Usage } from './entities/execution.entity';
import type { StepEffects } from './lifecycle/steps';

/** The durable pieces of work of one execution: what is recorded is not done again. */
export interface StepRunner {
  /**
   * Calls `fn` and records what it answers, under a key that names this piece of work within the execution. Where an
   * earlier run has recorded it, `fn` is not called: the recorded result is the answer. Either way the answer is what
   * JSON keeps of it (a `Date` is text, undefined is null), 1 MB at most.
   *
   * What `fn` throws is recorded too and thrown on. A step that failed is thrown again, unchanged in code and message,
   * by a run that goes on with the same attempt, and is called again in the next attempt; one that is `at_most_once` is
   * not, see `StepEffects` and docs/steps.md. Rejects with `RunAborted` when the run must stop: let it pass.
   *
   * A key may be used once a run: in a loop, add the index.
   */
  run<T>(key: string, fn: (step: StepContext) => Promise<T> | T, options?: StepOptions): Promise<T>;
}

export interface StepOptions {
  /** `repeatable` when absent. */
  effects?: StepEffects;
  /** Shown with each of its events. */
  facts?: JsonObject;
}

/** What the function of a step is given. */
export interface StepContext {
  /** The same however often it runs. */
  readonly stepId: string;
  /** The same however often it runs, and no other step's: to be sent as `Idempotency-Key`. */
  readonly idempotencyKey: string;
  /** The attempt at the execution. */
  readonly attempt: number;
  /** An earlier run began it, and nobody knows how far it came. */
  readonly resumed: boolean;
  /** `context.signal`. */
  readonly signal: AbortSignal;
  /**
   * Shown with the event that tells of its end, whichever it is. `usage`: what its model call took; it is added to the
   * run's and the execution's in the same transaction.
   */
  tell(facts: JsonObject, usage?: Usage): void;
}
