import type { ExecutionContext, ExecutionResult } from './execution-context';

/**
 * Runs executions of one kind. Filled by the libs above (agents, later workflows), so that this lib knows none of them.
 * What `run` throws decides what happens: a `PermanentError` fails the execution, anything else is retried while
 * attempts are left. It must stop soon after `context.signal` aborts.
 */
export abstract class ExecutionHandler {
  abstract readonly kind: string;
  abstract run(context: ExecutionContext): Promise<ExecutionResult>;
}
