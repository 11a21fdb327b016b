import type { Execution, Problem } from './types.ts';

/** The gateway answered, and not with a success: the fields of its problem body. `message` is `detail`. */
export class LonghaulApiError extends Error {
  readonly status: number;
  /** Stable: branch on it. `http_error` when the answer was not the gateway's, such as a proxy's 502. */
  readonly code: string;
  readonly errors: readonly NonNullable<Problem['errors']>[number][];
  readonly executionId?: string;
  readonly traceId?: string;
  /** Seconds, where the gateway named them. */
  readonly retryAfterS?: number;
  /** The whole body, when it was a problem. */
  readonly problem?: Problem;

  constructor(response: Response, body: unknown) {
    const problem = asProblem(body);
    super(
      problem?.detail ?? `${response.url || 'the gateway'} answered ${response.status} ${response.statusText}`.trim(),
    );
    this.name = 'LonghaulApiError';
    this.status = response.status;
    this.code = problem?.code ?? 'http_error';
    this.errors = problem?.errors ?? [];
    const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
    if (retryAfterS >= 0) this.retryAfterS = retryAfterS;
    if (problem?.execution_id !== undefined) this.executionId = problem.execution_id;
    if (problem) {
      this.traceId = problem.trace_id;
      this.problem = problem;
    }
  }
}

/** No answer came, as often as it was tried: refused, cut, or silent for too long. `cause` is the last reason. */
export class LonghaulConnectionError extends Error {
  /** The innermost message: `connect ECONNREFUSED 127.0.0.1:8000`. */
  readonly reason: string;

  constructor(
    readonly url: string,
    cause: unknown,
  ) {
    const reason = reasonOf(cause);
    super(`no answer from ${url}: ${reason}`, { cause });
    this.reason = reason;
    this.name = 'LonghaulConnectionError';
  }
}

/** The execution had not ended in time. It goes on: wait again, watch it, or cancel it. */
export class LonghaulTimeoutError extends Error {
  constructor(
    readonly execution: Execution,
    timeoutS: number,
  ) {
    super(`${execution.execution_id} is still ${execution.status} after ${timeoutS} s`);
    this.name = 'LonghaulTimeoutError';
  }
}

/** Thrown by `chat` and `invoke`: the execution has ended as `failed` or `cancelled`. */
export class LonghaulExecutionError extends Error {
  constructor(readonly execution: Execution) {
    const { execution_id, status, error } = execution;
    super(
      `${execution_id} ${status === 'cancelled' ? 'was cancelled' : `failed: ${error?.message ?? 'no reason given'}`}`,
    );
    this.name = 'LonghaulExecutionError';
  }
}

/** Undefined for whatever is not a problem body of the gateway. */
export function asProblem(body: unknown): Problem | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, detail, status } = body as Partial<Problem>;
  return typeof code === 'string' && typeof detail === 'string' && typeof status === 'number'
    ? (body as Problem)
    : undefined;
}

/** `fetch failed` says nothing, its cause does. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { cause, message, code, name } = error as Partial<Error & { code: unknown }>;
  if (typeof cause === 'object' && cause !== null) return reasonOf(cause);
  return message || (typeof code === 'string' ? code : (name ?? 'Error'));
}
