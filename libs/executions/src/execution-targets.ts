import type { JsonValue } from '@longhaul/kernel';
import type { SubmitCommand } from './submit-command';

/** How long to wait before attempt n+1, in milliseconds; `delayMs` is the first wait. */
export interface Backoff {
  kind: 'exponential' | 'linear' | 'fixed';
  delayMs: number;
}

/** What the lifecycle must know of something that can be run, whoever defines it. */
export interface ExecutionTarget {
  queue: string;
  backoff: Backoff;
  /** Hard limit of one run in milliseconds. An execution may carry its own. */
  timeoutMs: number;
  /** After so many milliseconds a run is asked to come to an end, and the execution is tried again; absent = never. */
  softTimeoutMs?: number;
  /** Longest silence of a run in milliseconds. */
  idleTimeoutMs: number;
}

/** What a step asks another execution for, as its target takes it. */
export type ChildCommand = Pick<
  SubmitCommand,
  'queue' | 'input' | 'priority' | 'maxAttempts' | 'deadlineMs' | 'timeoutMs'
> & {
  /** It carries its parent's conversation as a label; else one of its own. */
  inConversation?: true;
};

/** The kinds and names that can be run, looked up by whoever ends a run or submits a child. */
export abstract class ExecutionTargets {
  abstract readonly kind: string;
  /** Undefined when there is no such target (any more). */
  abstract find(name: string): ExecutionTarget | undefined;

  /** How it is asked by a step. Throws a `PermanentError` when there is no such target or the input does not fit it. */
  abstract child(name: string, input: JsonValue): ChildCommand;
}
