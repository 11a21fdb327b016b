import type { JsonObject, JsonValue } from '@longhaul/kernel';
import type { Usage } from './entities/execution.entity';
import type { StepEffects, StepStatus } from './lifecycle/steps';

/** The durable pieces of work of one execution: what is recorded is not done again. */
export interface StepRunner {
  /**
   * Calls `fn` and records what it answers, under a key that names this piece of work within the execution. Where an
   * earlier run has recorded it, `fn` is not called: the recorded result is the answer. Either way the answer is what
   * JSON keeps of it (a `Date` is text, undefined is null), 5 MB at most.
   *
   * What `fn` throws is recorded too and thrown on. A step that failed is thrown again, unchanged in code and message,
   * by a run that goes on with the same attempt, and is called again in the next attempt; one that is `at_most_once` is
   * not, see `StepEffects` and docs/steps.md. Rejects with `RunAborted` when the run must stop: let it pass.
   *
   * A key may be used once a run: in a loop, add the index.
   */
  run<T>(key: string, fn: (step: StepContext) => Promise<T> | T, options?: StepOptions): Promise<T>;

  /** How the step stands that an earlier run began under this key; null when none did. This does not use the key. */
  statusOf(key: string): Promise<StepStatus | null>;

  /*
   * What follows waits without a worker: where a run has nothing else to do, it ends, the execution is `waiting`, and
   * another run goes on from here once the answer is there. That run begins at the handler's first line, as after a
   * crash. The promise then rejects with a `RunAborted` of reason `park`: let it pass. Not to be called in the function
   * of a step. A key is used once, as in `run`.
   */

  /** Resolves `durationMs` after it was first called. `why`: shown as the `name` of what is waited for. */
  sleep(key: string, durationMs: number, why?: string): Promise<void>;

  /**
   * Resolves with the data of the next event of that name (`POST /v1/events`) that is sent after this was first called;
   * with null when none came within `timeoutMs`.
   */
  waitForEvent<T extends JsonValue = JsonValue>(key: string, ask: EventRequest): Promise<T | null>;

  /** Resolves with what a person decided, or with what happens when nobody does. */
  waitForApproval(key: string, ask: ApprovalRequest): Promise<ApprovalDecision>;

  /**
   * Has another agent run, as an execution of its own under this one, and resolves with its output. Throws a
   * `PermanentError` with the child's error and `details.execution_id` when it fails or is cancelled.
   */
  invoke(key: string, ask: InvokeRequest): Promise<JsonValue>;

  /**
   * Resolves with the output of an execution that there is already, or throws as `invoke` does. One that somebody else
   * owns is not there: it never ends.
   */
  waitForEnd(key: string, ask: EndRequest): Promise<JsonValue>;
}

/** Whoever asks has seen that its owner has the execution: what is not there is waited for until the deadline. */
export interface EndRequest {
  executionId: string;
  /** What it runs, for messages. */
  target: string;
}

export interface EventRequest {
  /** 1 to 200 characters. */
  name: string;
  /** As long as the execution lives when absent. */
  timeoutMs?: number;
}

export interface ApprovalRequest {
  /** What is to be approved: a tool's name, or a few words. 1 to 200 characters. */
  subject: string;
  /** Exactly what will be done; whoever approves may change it. */
  arguments?: JsonObject;
  /** JSON Schema that changed arguments must fit. */
  schema?: JsonObject;
  /** For the person who decides. */
  message?: string;
  /** As long as the execution lives when absent. */
  expiresInMs?: number;
  /** When nobody decides in that time; `reject` when absent. */
  onExpiry?: 'reject' | 'approve';
}

export interface ApprovalDecision {
  approved: boolean;
  /** What was asked for, or what the person made of it. */
  arguments: JsonObject;
  /** What the person says to it. */
  feedback: string | null;
  decidedBy: string | null;
  /** Nobody decided in time. */
  expired: boolean;
}

export interface InvokeRequest {
  /** What is to run: `agent` when absent. */
  kind?: string;
  /** The agent's id; of another kind the target's name. */
  agent: string;
  /** Fits the agent's input_schema; for an agent without one, anything. */
  input: JsonValue;
  /**
   * What it does to the world. `repeatable` when absent: where it has failed, the next attempt asks anew. What is
   * `at_most_once` is asked once, and its failure stands for the attempts that follow.
   */
  effects?: StepEffects;
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
