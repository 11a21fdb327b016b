import type { JsonObject } from '@longhaul/kernel';

export interface WorkerOptions {
  /** Queue names and their slots, as `GET /v1/workers` shows them. */
  queues: JsonObject;
  /** Over all queues; null: each request has its own. */
  slots: number | null;
  version: string;
  /** How long running executions may go on after a SIGTERM. */
  drainTimeoutMs: number;
  /** Port of the worker's own health server; 0 = none. */
  healthPort: number;
  /** The process has done its part after so many; 0 = never. */
  maxExecutions: number;
  /** Ends the process in order; absent where it does more than run executions. */
  leave?: () => void;
  /** No transport will listen: the worker takes jobs by itself from the start of the application on. */
  embedded: boolean;
}
export const WORKER_OPTIONS = Symbol('WorkerOptions');
