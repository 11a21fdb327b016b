import type { Execution } from '../entities/execution.entity';
import type { ExecutionTarget } from '../execution-targets';

/** How long one run may take, in milliseconds from its start. */
export interface RunLimits {
  timeoutMs: number;
  /** Infinity: none. */
  softTimeoutMs: number;
  idleTimeoutMs: number;
  /** Until the deadline of the whole execution; Infinity: it has none. */
  deadlineInMs: number;
}

/** For what this worker does not know. */
const UNKNOWN = { timeoutMs: 3_600_000, idleTimeoutMs: 1_800_000 };

/** The request's own time limit wins over the target's. */
export function limitsOf(
  { timeoutMs }: Execution,
  target: ExecutionTarget | undefined,
  deadlineInMs: number | null,
): RunLimits {
  return {
    timeoutMs: timeoutMs ?? target?.timeoutMs ?? UNKNOWN.timeoutMs,
    softTimeoutMs: target?.softTimeoutMs ?? Infinity,
    idleTimeoutMs: target?.idleTimeoutMs ?? UNKNOWN.idleTimeoutMs,
    deadlineInMs: deadlineInMs ?? Infinity,
  };
}
