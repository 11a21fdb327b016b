import { AsyncLocalStorage } from 'node:async_hooks';

/** What a line belongs to: on every line that is written inside a run or a request, whoever writes it. */
export interface LogFields {
  execution_id?: string;
  run_id?: string;
  correlation_id?: string;
  trace_id?: string;
}

const storage = new AsyncLocalStorage<LogFields>();
const NONE: LogFields = {};

/** Calls `fn`, and has what is logged in it, however much later, carry these fields. */
export function withLogFields<T>(fields: LogFields, fn: () => T): T {
  return storage.run(fields, fn);
}

/** Those of the run or the request under way. */
export function logFields(): LogFields {
  return storage.getStore() ?? NONE;
}
