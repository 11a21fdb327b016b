import type { JsonObject } from './json';

/** One thing wrong with an input: where (`path`, e.g. `queue.backend` or `agents/x/AGENT.md:3`), what, and the mend. */
export interface Issue {
  path: string;
  message: string;
  hint?: string;
}

/**
 * The stable codes of `error.code`, in records and in problem bodies. Clients branch on them: a code is never renamed.
 * The list is printed in the OpenAPI document.
 */
export const ERROR_CODES = [
  // the request
  'body_required',
  'invalid_json',
  'invalid_request',
  'invalid_cursor',
  'payload_too_large',
  'unsupported_media_type',
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'not_acceptable',
  'upgrade_required',
  'agent_disabled',
  'conversation_busy',
  'idempotency_key_reused',
  'not_supported',
  'queue_full',
  'rate_limited',
  'too_many_executions',
  'too_many_streams',
  'events_deleted',
  'already_answered',
  'answer_too_late',
  'not_failed',
  'not_over',
  'already_retried',
  'dead_letter_handled',
  'already_decided',
  'approval_over',
  // the execution
  'agent_error',
  'agent_unavailable',
  'tool_unavailable',
  'invalid_input',
  'provider_error',
  'command_failed',
  'provider_rate_limited',
  'provider_timeout',
  'output_invalid',
  'limit_exceeded',
  'timeout',
  'soft_timeout',
  'idle_timeout',
  'deadline_exceeded',
  'cancelled',
  'worker_lost',
  'effect_unknown',
  'remote_error',
  'outbound_refused',
  'outbound_failed',
  // the gateway
  'invalid_configuration',
  'unavailable',
  'internal_error',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error as data: what is stored with a run or an execution and crosses processes. */
export interface Failure {
  code: string;
  message: string;
  retryable: boolean;
  details?: JsonObject;
}

/**
 * Every error that Longhaul throws on purpose. It carries the decision: a stable code and whether another try may
 * help. `message` says what was wrong, where, and the mend.
 */
export class LonghaulError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly issues?: Issue[];
  readonly details?: JsonObject;

  constructor(
    code: ErrorCode,
    message: string,
    more: { retryable?: boolean; issues?: Issue[]; details?: JsonObject; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = more.retryable ?? false;
    if (more.issues) this.issues = more.issues;
    if (more.details) this.details = more.details;
  }
}

/** Thrown by agent code: the run failed, another attempt may succeed. `retryAfterMs` overrides the back-off. */
export class RetryableError extends LonghaulError {
  readonly retryAfterMs?: number;

  constructor(
    message: string,
    more: { code?: ErrorCode; retryAfterMs?: number; details?: JsonObject; cause?: unknown } = {},
  ) {
    super(more.code ?? 'agent_error', message, { ...more, retryable: true });
    if (more.retryAfterMs !== undefined) this.retryAfterMs = more.retryAfterMs;
  }
}

/**
 * Thrown by the function of a step that is declared at_most_once: surely nothing has happened, so another attempt may
 * call it again. Everywhere else it is any other `RetryableError`.
 */
export class NoEffectError extends RetryableError {}

/** Thrown by agent code: no further attempt will help. The execution fails at once and becomes a dead letter. */
export class PermanentError extends LonghaulError {
  constructor(message: string, more: { code?: ErrorCode; details?: JsonObject; cause?: unknown } = {}) {
    super(more.code ?? 'agent_error', message, { ...more, retryable: false });
  }
}

/** gateway.yaml, the environment, an AGENT.md or a start-up pairing is wrong. Thrown at start; the process exits 2. */
export class ConfigurationError extends LonghaulError {
  constructor(message: string, issues: Issue[] = []) {
    super('invalid_configuration', message, { issues });
  }
}

/**
 * Any thrown value as data. What is not one of ours is retryable: an agent's bug cannot be told from a network error,
 * and the attempts are bounded.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof LonghaulError) {
    return {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      ...(error.details ? { details: error.details } : {}),
    };
  }
  return { code: 'agent_error', message: error instanceof Error ? error.message : textOf(error), retryable: true };
}

/** Anything may be thrown, also what cannot be made a string. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something was thrown that is no error and has no text';
  }
}
