import type { Failure } from '@longhaul/kernel';

/** What an execution fails with at its deadline; `last` is the error of its latest attempt that failed. */
export function deadlineExceeded(deadlineAt: number, last: Failure | null): Failure {
  const after = last === null ? '' : `; the last error was: ${last.message}`;
  return {
    code: 'deadline_exceeded',
    message: `the execution did not end by its deadline, ${new Date(deadlineAt).toISOString()} (deadline_s)${after}`,
    retryable: false,
    ...(last === null ? {} : { details: { last_error: { ...last } } }),
  };
}
