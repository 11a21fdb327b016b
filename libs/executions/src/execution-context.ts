import type { LoggerService } from '@nestjs/common';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import type { Overrides, Usage } from './entities/execution.entity';
import type { ExecutionEventType } from './events/event-types';
import type { StepRunner } from './step-runner';

/** What a handler gets to do one run: its input, and its only ways to say something to the world. */
export interface ExecutionContext {
  readonly executionId: string;
  readonly runId: string;
  /** 1 for the first attempt. A drain or a lost lease does not raise it. */
  readonly attempt: number;
  /** Whose it is: `local` without API keys. */
  readonly owner: string;
  /** What is to be run: the agent's id. */
  readonly target: string;
  readonly input: JsonValue;
  readonly conversationId: string;
  /** Its place in the conversation, from 1; null when it is no turn of one. Of a fork, that of the turn it was forked from. */
  readonly turn: number | null;
  readonly correlationId: string;
  /** W3C Trace Context of the request, to be passed on. */
  readonly traceparent: string | null;
  readonly metadata: JsonObject;
  /** Of a fork: what is not as its target has it. */
  readonly overrides?: Overrides;
  /** When this run's time limit or the execution's deadline is over, whichever is first, by this process's clock. */
  readonly deadline: Date;
  /**
   * Aborts when the run must stop (cancel, a limit of time, drain, lost lease); its reason is a `RunAborted`. The
   * handler has five seconds from then. Unless the lease was lost, what it appends in these is stored, and what it
   * returns counts.
   */
  readonly signal: AbortSignal;
  /** Pieces of work that are recorded: what is done is not done again after a crash. */
  readonly step: StepRunner;
  readonly events: EventWriter;
  /** For the operator's log, under the agent's and the execution's name; what clients should see goes to `events`. */
  readonly logger: LoggerService;
  /** Shows in the record and as `execution.progress`. `percent` 0 to 100. Never throws; frequent calls are merged. */
  progress(percent: number, message?: string, step?: string): void;
  /**
   * Says that the run is alive, and nothing else: no event. For work that is silent for longer than its
   * `idle_timeout_s`. Events and progress say so too. Costs nothing.
   */
  heartbeat(): void;
}

/** Appends to the execution's event log, fenced by the lease: what a run without its lease writes is refused. */
export interface EventWriter {
  /**
   * Resolves when the event is stored. Rejects with `RunAborted` once the lease is lost; a handler lets that pass.
   * Events of one run are stored in the order of the calls.
   * `usage`: what this step's model call took; it is added to the run's and the execution's in the same transaction.
   */
  append(type: ExecutionEventType, data: JsonObject, usage?: Usage): Promise<void>;
}

/** What a run that ended well hands back. */
export interface ExecutionResult {
  output: JsonValue;
  /** Of model calls that no event has told of yet: it is added to what has. */
  usage?: Usage;
}
