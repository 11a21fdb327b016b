import type { ExecutionEventType } from '../events/event-types';
import type { ExecutionStatus } from './status';

type Actor = 'api' | 'worker' | 'sweeper';

interface Transition {
  /** null: the execution does not exist yet. */
  from: ExecutionStatus | null;
  to: ExecutionStatus;
  by: Actor;
  event: ExecutionEventType;
}

/**
 * Everything that may ever happen to a status, as data. Each row is made true by one conditional statement in
 * ../statements; a property test drives those against this table, and the docs print it.
 */
export const TRANSITIONS = {
  submit: { from: null, to: 'queued', by: 'api', event: 'execution.queued' },
  claim: { from: 'queued', to: 'running', by: 'worker', event: 'execution.started' },
  complete: { from: 'running', to: 'completed', by: 'worker', event: 'execution.completed' },
  retry: { from: 'running', to: 'queued', by: 'worker', event: 'execution.retrying' },
  fail: { from: 'running', to: 'failed', by: 'worker', event: 'execution.failed' },
  cancelQueued: { from: 'queued', to: 'cancelled', by: 'api', event: 'execution.cancelled' },
  requestCancel: { from: 'running', to: 'running', by: 'api', event: 'execution.cancelling' },
  cancelRunning: { from: 'running', to: 'cancelled', by: 'worker', event: 'execution.cancelled' },
  release: { from: 'running', to: 'queued', by: 'worker', event: 'execution.retrying' },
  park: { from: 'running', to: 'waiting', by: 'worker', event: 'execution.waiting' },
  wake: { from: 'waiting', to: 'queued', by: 'sweeper', event: 'execution.queued' },
  cancelWaiting: { from: 'waiting', to: 'cancelled', by: 'api', event: 'execution.cancelled' },
  exceedDeadlineWaiting: { from: 'waiting', to: 'failed', by: 'sweeper', event: 'execution.failed' },
  loseLease: { from: 'running', to: 'queued', by: 'sweeper', event: 'execution.retrying' },
  loseLeaseTooOften: { from: 'running', to: 'failed', by: 'sweeper', event: 'execution.failed' },
  exceedDeadlineQueued: { from: 'queued', to: 'failed', by: 'sweeper', event: 'execution.failed' },
  exceedDeadlineRunning: { from: 'running', to: 'failed', by: 'sweeper', event: 'execution.failed' },
  loseLeaseWhileCancelling: { from: 'running', to: 'cancelled', by: 'sweeper', event: 'execution.cancelled' },
} as const satisfies Record<string, Transition>;
export type TransitionName = keyof typeof TRANSITIONS;

/** Leases lost in a row after which an execution is taken for the cause and fails with `worker_lost`. */
export const MAX_INTERRUPTIONS = 3;

/**
 * From this many lost leases in a row an execution runs alone in its worker, so that the next loss tells who was the
 * cause. Not from the first: a worker that dies with a hundred runs must not make a hundred executions take turns.
 */
export const SOLO_FROM_INTERRUPTIONS = 2;

/**
 * How long such an execution waits for a worker that runs nothing else. After that it runs beside others: it must not
 * wait for ever where every worker is always busy.
 */
export const SOLO_PATIENCE_MS = 600_000;

/**
 * How long after the deadline a worker may take to end the run itself: to stop it, and to write so. Then a sweeper ends
 * the execution under it.
 */
export const DEADLINE_GRACE_MS = 15_000;
