import { assertNever, type ErrorCode, type Failure, LonghaulError, NoEffectError } from '@longhaul/kernel';
import { PermanentError, RetryableError, toFailure } from '@longhaul/kernel';
import type { StepEffects } from '../../lifecycle/steps';
import type { RecordedStep } from '../../statements/read-steps';
import type { RecordedWait } from '../../statements/waits';

/** What a run does with a step that an earlier one has left something of. */
export type Verdict =
  /** Its result is the answer. */
  | { kind: 'replay' }
  | { kind: 'throw'; error: LonghaulError }
  /** It may have had its effect, and must not run again. */
  | { kind: 'unknown' }
  | { kind: 'wait'; wait: RecordedWait }
  | { kind: 'run'; resumed: boolean };

/**
 * The effects that were declared when it was begun count, and those that are declared now: it is at_most_once if it is
 * so in either place.
 */
export function verdictOn(before: RecordedStep, effects: StepEffects, attempt: number): Verdict {
  const once = effects === 'at_most_once' || before.effects === 'at_most_once';
  const { error } = before;
  switch (before.status) {
    case 'completed':
      return { kind: 'replay' };
    case 'waiting':
      return before.wait ? { kind: 'wait', wait: before.wait } : { kind: 'run', resumed: false };
    case 'started':
      return once ? { kind: 'unknown' } : { kind: 'run', resumed: true };
    case 'failed':
      // What the same attempt did about it is recorded behind it, and must find it as it was.
      if (error && (before.attempt === attempt || (once && !error.retryable))) return thrown(error);
      return { kind: 'run', resumed: false };
    case 'interrupted':
      return error?.retryable ? { kind: 'run', resumed: false } : thrown(error ?? UNRECORDED);
    default:
      return assertNever(before.status);
  }
}

const UNRECORDED: Failure = { code: 'effect_unknown', message: 'the step was interrupted', retryable: false };

function thrown({ code, message, retryable, details }: Failure): Verdict {
  const more = { code: code as ErrorCode, ...(details ? { details } : {}) };
  const error = retryable ? new RetryableError(message, more) : new PermanentError(message, more);
  return { kind: 'throw', error };
}

const MEND = 'look whether it happened; then settle it by hand, or retry the execution, which runs the step anew';

/** An at_most_once step that a run of this execution began and did not end. */
export function cutEffect(step: { id: string; key: string }, runId: string): PermanentError {
  return new PermanentError(
    `step "${step.key}" was begun by ${runId}, which was cut before it could record an outcome; it is at_most_once, ` +
      `so it does not run again: ${MEND}`,
    { code: 'effect_unknown', details: { step_id: step.id, key: step.key, run_id: runId } },
  );
}

/** That nothing happened, and that no further try helps. After anything else nobody knows whether the effect is there. */
export function isDefinite(error: unknown): boolean {
  return error instanceof NoEffectError || (error instanceof LonghaulError && !error.retryable);
}

/** What a function that threw makes of its at_most_once step. */
export function afterThrow(step: { id: string; key: string }, error: unknown): unknown {
  if (isDefinite(error)) return error;
  const { message, code } = toFailure(error);
  return new PermanentError(
    `step "${step.key}" failed, and whether it had its effect is not known (${message}); it is at_most_once, so it ` +
      `does not run again: ${MEND}`,
    { code: 'effect_unknown', details: { step_id: step.id, key: step.key, cause: { code, message } }, cause: error },
  );
}
