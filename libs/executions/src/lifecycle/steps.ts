/**
 * What running a step again would mean, when its worker died after it was begun and before its result was recorded:
 * `repeatable`: nothing, it runs again. `idempotent`: nothing as long as its receiver is given the same key, it runs
 * again. `at_most_once`: harm; it does not run again, and the execution fails with `effect_unknown`.
 */
export const STEP_EFFECTS = ['repeatable', 'idempotent', 'at_most_once'] as const;
export type StepEffects = (typeof STEP_EFFECTS)[number];

/**
 * `waiting` for what its row in `waits` says. `started` by a run that is over: it was cut. `failed`: its function threw. `interrupted`: it is at_most_once and was
 * cut, which a later run has noticed; or it was told to stop and knows that it did nothing (its error is retryable).
 */
export const STEP_STATUSES = ['started', 'waiting', 'completed', 'failed', 'interrupted'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];
