import { type Failure, RetryableError, toFailure, toJsonText } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import type { ExecutionResult } from '../execution-context';
import type { ExecutionTarget } from '../execution-targets';
import { askedDelayMs, backoffMs } from '../lifecycle/backoff';
import { deadlineExceeded } from '../lifecycle/deadline-exceeded';
import type { RunEnding } from '../statements/end-run';
import type { AbortReason } from './run-aborted';
import type { RunLimits } from './run-limits';
import type { UsageMeter } from './usage-meter';

const MAX_OUTPUT_LENGTH = 16 * 1_048_576;

/** What a handler's result makes of the execution. A result that is no JSON is the agent's error. */
export function endingOfResult(result: ExecutionResult, meter: UsageMeter): RunEnding {
  const output = result.output ?? null;
  const usage = result.usage ?? null;
  const text = jsonText({ output, usage });
  if (text instanceof Error) {
    return failed('agent_error', `the agent's output is not JSON: ${text.message.split('\n')[0]}`);
  }
  if (text.length > MAX_OUTPUT_LENGTH) {
    const limit = `${MAX_OUTPUT_LENGTH / 1_048_576} MB`;
    return failed(
      'agent_error',
      `the agent's output is larger than ${limit}: store it elsewhere and answer its address`,
    );
  }
  if (usage) meter.add(usage);
  return { kind: 'completed', output };
}

/** What an ending depends on besides the handler. */
export interface EndingFrame {
  execution: Execution;
  target: ExecutionTarget | undefined;
  limits: RunLimits;
  /** From now on; Infinity: there is no deadline. */
  toDeadlineMs: number;
}

/** What a run that was told to stop makes of the execution; null when that is no longer for this worker to say. */
export function endingOfAbort(reason: AbortReason, frame: EndingFrame): RunEnding | null {
  const { timeoutMs, softTimeoutMs, idleTimeoutMs } = frame.limits;
  switch (reason) {
    case 'cancel':
      return { kind: 'cancelled' };
    case 'timeout':
      return failed('timeout', `the run took longer than its timeout_s of ${timeoutMs / 1000}`);
    case 'soft_timeout': {
      const message = `the run took longer than its soft_timeout_s of ${softTimeoutMs / 1000}`;
      return endingOfError(new RetryableError(message, { code: 'soft_timeout' }), frame);
    }
    case 'idle_timeout': {
      const message = `nothing was heard of the run for its idle_timeout_s of ${idleTimeoutMs / 1000}`;
      return endingOfError(new RetryableError(message, { code: 'idle_timeout' }), frame);
    }
    case 'deadline':
      return { kind: 'failed', error: deadlineExceeded(frame.execution.deadlineAt ?? 0, frame.execution.error) };
    case 'drain':
      return { kind: 'released' };
    case 'lease_lost':
      return null;
    case 'park':
      throw new Error('unreachable: a run that parks says for what');
  }
}

/**
 * What a thrown error makes of the execution: another attempt if it may help, there is one left, and it would begin
 * before the deadline.
 */
export function endingOfError(error: unknown, { execution, target, toDeadlineMs }: EndingFrame): RunEnding {
  const failure = storable(toFailure(error));
  if (!failure.retryable || execution.attempt >= execution.maxAttempts) return { kind: 'failed', error: failure };
  const asked = askedDelayMs(error instanceof RetryableError ? error.retryAfterMs : undefined);
  const backoff = target?.backoff ?? { kind: 'exponential', delayMs: 1_000 };
  const delayMs = asked ?? backoffMs(backoff, execution.attempt);
  if (delayMs < toDeadlineMs) return { kind: 'retrying', error: failure, delayMs };
  return { kind: 'failed', error: deadlineExceeded(execution.deadlineAt ?? 0, failure) };
}

/** The error without its details where those are no JSON. */
export function storable(failure: Failure): Failure {
  const { code, message, retryable } = failure;
  return jsonText(failure) instanceof Error ? { code, message, retryable } : failure;
}

function jsonText(value: unknown): string | Error {
  try {
    return toJsonText(value);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function failed(code: string, message: string): RunEnding {
  const error: Failure = { code, message, retryable: false };
  return { kind: 'failed', error };
}
