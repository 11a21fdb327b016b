/** What the executions lib must know of the configuration, in milliseconds. */
export interface ExecutionsOptions {
  /** A worker that is silent for this long has lost its executions. */
  leaseTtlMs: number;
  heartbeatMs: number;
  /** Whether a worker shows that it lives, so that its death is seen before its lease is over. */
  deathCertificates: boolean;
  sweepIntervalMs: number;
  /** How long an idempotency key stands for its execution. */
  idempotencyTtlMs: number;
  /** How long an execution is kept after its end, and its events. */
  executionsKeptMs: number;
  eventsKeptMs: number;
  /** More than this many waiting: 429. */
  maxDepth: number;
}
export const EXECUTIONS_OPTIONS = Symbol('ExecutionsOptions');
