import type { ExecutionRecord } from './execution-record';

/**
 * What may become of an execution. `retrying`: it goes back to the queue, after a failed attempt, a drain or a lost
 * worker. `cancelling`: it was asked to stop.
 */
export const EXECUTION_CHANGES = [
  'queued',
  'started',
  'waiting',
  'retrying',
  'cancelling',
  'completed',
  'failed',
  'cancelled',
] as const;
export type ExecutionChange = (typeof EXECUTION_CHANGES)[number];

/** Gets the execution as it stood right after the change. */
export type ExecutionListener = (execution: ExecutionRecord, change: ExecutionChange) => unknown;
