import { type Failure, RetryableError, toFailure, toJsonText } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import type { ExecutionResult } from '../execution-context';
import type { ExecutionTarget } from '../execution-targets';
import { backoffMs } from '../lifecycle/backoff';
import type { RunEnding } from '../statements/end-run';
import type { AbortReason } from './run-aborted';

/** What a handler's result makes of the execution. A result that is no JSON is the agent's error. */
export function endingOfResult(result: ExecutionResult): RunEnding {
  try {
    toJsonText(result.output);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return failed('agent_error', `the agent's output is not JSON: ${why}`);
  }
  return { kind: 'completed', output: result.output ?? null, usage: result.usage ?? null };
}

/** What a run that was told to stop makes of the execution; null when that is no longer for this worker to say. */
export function endingOfAbort(reason: AbortReason, timeoutMs: number): RunEnding | null {
  switch (reason) {
    case 'cancel':
      return { kind: 'cancelled' };
    case 'timeout':
      return failed('timeout', `the run took longer than its timeout_s of ${timeoutMs / 1000}`);
    case 'drain':
      return { kind: 'released' };
    case 'lease_lost':
      return null;
  }
}

/** What a thrown error makes of the execution: another attempt if it may help and there is one left. */
export function endingOfError(error: unknown, execution: Execution, target: ExecutionTarget | undefined): RunEnding {
  const failure = toFailure(error);
  if (!failure.retryable || execution.attempt >= execution.maxAttempts) return { kind: 'failed', error: failure };
  const asked = error instanceof RetryableError ? error.retryAfterMs : undefined;
  const backoff = target?.backoff ?? { kind: 'exponential', delayMs: 1_000 };
  return { kind: 'retrying', error: failure, delayMs: asked ?? backoffMs(backoff, execution.attempt) };
}

function failed(code: string, message: string): RunEnding {
  const error: Failure = { code, message, retryable: false };
  return { kind: 'failed', error };
}
