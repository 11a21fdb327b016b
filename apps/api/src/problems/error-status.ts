import { ERROR_CODES, type ErrorCode } from '@longhaul/kernel';

/** Every code, the status that it is answered with, and its title. The only place where a code becomes a status. */
const PROBLEMS: Record<ErrorCode, { status: number; title: string }> = {
  body_required: { status: 400, title: 'A body is required' },
  invalid_json: { status: 400, title: 'The body is not acceptable JSON' },
  invalid_request: { status: 422, title: 'The request is not valid' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The media type is not supported' },
  unauthenticated: { status: 401, title: 'A valid key is required' },
  forbidden: { status: 403, title: 'The key does not allow this' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'The method is not allowed' },
  not_acceptable: { status: 406, title: 'No acceptable representation' },
  upgrade_required: { status: 426, title: 'Another protocol is wanted' },
  agent_disabled: { status: 409, title: 'The agent is disabled' },
  conversation_busy: { status: 409, title: 'A turn of the conversation is not over' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  not_supported: { status: 422, title: 'Not supported yet' },
  queue_full: { status: 429, title: 'The queue is full' },
  rate_limited: { status: 429, title: 'Too many requests' },
  too_many_executions: { status: 429, title: 'Too many executions are not over yet' },
  too_many_streams: { status: 429, title: 'Too many event streams are open' },
  events_deleted: { status: 410, title: 'The events are not kept any more' },
  already_answered: { status: 409, title: 'The execution has another answer' },
  answer_too_late: { status: 410, title: 'Nobody waits for this answer any more' },
  not_failed: { status: 409, title: 'Only a failed execution can be tried anew' },
  not_over: { status: 409, title: 'Only an execution that is over can be forked' },
  already_retried: { status: 409, title: 'It was tried anew already, otherwise' },
  dead_letter_handled: { status: 409, title: 'Somebody looked after the dead letter already' },
  already_decided: { status: 409, title: 'Somebody has decided already' },
  approval_over: { status: 409, title: 'Nobody waits for this decision any more' },
  agent_error: { status: 500, title: 'The agent failed' },
  agent_unavailable: { status: 503, title: 'The agent is unavailable' },
  tool_unavailable: { status: 422, title: 'The tool cannot be called' },
  invalid_input: { status: 500, title: 'The agent refused its input' },
  provider_error: { status: 502, title: 'The model provider failed' },
  command_failed: { status: 500, title: 'The command failed' },
  provider_rate_limited: { status: 502, title: 'The model provider allows no more calls for now' },
  provider_timeout: { status: 504, title: 'The model provider took too long' },
  output_invalid: { status: 502, title: "The agent's output does not fit its schema" },
  limit_exceeded: { status: 500, title: 'The agent ran into a limit of its own' },
  timeout: { status: 504, title: 'The execution ran into its time limit' },
  soft_timeout: { status: 504, title: 'The execution ran into its soft time limit' },
  idle_timeout: { status: 504, title: 'Nothing was heard of the execution for too long' },
  deadline_exceeded: { status: 504, title: 'The execution did not end by its deadline' },
  cancelled: { status: 409, title: 'The execution was cancelled' },
  worker_lost: { status: 500, title: 'The workers that ran the execution were lost' },
  effect_unknown: { status: 500, title: 'It is not known whether a step had its effect' },
  remote_error: { status: 500, title: 'The remote agent gave no answer that can be used' },
  outbound_refused: { status: 500, title: 'A call to an address that may not be called' },
  outbound_failed: { status: 500, title: 'A call to another service failed' },
  invalid_configuration: { status: 500, title: 'The gateway is not configured correctly' },
  unavailable: { status: 503, title: 'The gateway is unavailable' },
  internal_error: { status: 500, title: 'Something went wrong in the gateway' },
};

export function statusOf(code: ErrorCode): number {
  return PROBLEMS[code].status;
}

/** The title of a code; an agent may fail with one of its own. */
export function titleOf(code: string): string {
  return isErrorCode(code) ? PROBLEMS[code].title : PROBLEMS.agent_error.title;
}

/** The codes by which an execution that failed while its caller waited is told from any other failure, which is 500. */
const FAILURES_WITH_A_STATUS: readonly string[] = [
  'provider_error',
  'provider_rate_limited',
  'provider_timeout',
  'output_invalid',
  'timeout',
  'soft_timeout',
  'idle_timeout',
  'deadline_exceeded',
  'cancelled',
] satisfies ErrorCode[];

export function statusOfFailure(code: string): number {
  return isErrorCode(code) && FAILURES_WITH_A_STATUS.includes(code) ? statusOf(code) : 500;
}

function isErrorCode(code: string): code is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(code);
}
