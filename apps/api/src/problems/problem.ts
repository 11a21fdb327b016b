import { type Issue, type JsonObject, LonghaulError } from '@longhaul/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CORRELATION_ID, traceIdOf } from '../submissions/trace-headers';
import { statusOf, titleOf } from './error-status';

/** The body of every answer that is not a success: RFC 9457. */
interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  /** The path that was asked for. */
  instance: string;
  errors?: Issue[];
  execution_id?: string;
  /** Of the execution's failure, as its record has them. */
  details?: JsonObject;
  /** The trace of the request; the log has it next to an internal error. */
  trace_id: string;
}

/** What there is to say, before it is known who asked. Thrown where no `LonghaulError` has the status that is meant. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly issues?: readonly Issue[];
  readonly executionId?: string;
  readonly details?: JsonObject;
  readonly headers: Record<string, string>;

  constructor(what: {
    status: number;
    code: string;
    detail: string;
    issues?: readonly Issue[];
    executionId?: string;
    details?: JsonObject;
    headers?: Record<string, string>;
  }) {
    super(what.detail);
    this.status = what.status;
    this.code = what.code;
    this.headers = what.headers ?? {};
    if (what.issues && what.issues.length > 0) this.issues = what.issues;
    if (what.executionId !== undefined) this.executionId = what.executionId;
    if (what.details !== undefined) this.details = what.details;
  }

  static of(error: LonghaulError): ProblemError {
    const { code, message: detail, issues = [], details = {} } = error;
    const { execution_id: executionId, retry_after_s: retryAfterS } = details;
    return new ProblemError({
      status: statusOf(code),
      code,
      detail,
      issues,
      headers: {
        ...(code === 'unauthenticated' ? { 'www-authenticate': 'Bearer realm="longhaul"' } : {}),
        ...(code === 'upgrade_required' ? { upgrade: 'websocket' } : {}),
        ...(code === 'unavailable' ? { 'retry-after': '5' } : {}),
        ...(typeof retryAfterS === 'number' ? { 'retry-after': String(Math.ceil(retryAfterS)) } : {}),
      },
      ...(typeof executionId === 'string' ? { executionId } : {}),
    });
  }
}

function problemBody(error: ProblemError, request: FastifyRequest): Problem {
  return {
    type: `urn:longhaul:problem:${error.code}`,
    title: titleOf(error.code),
    status: error.status,
    detail: error.message,
    code: error.code,
    instance: pathOf(request),
    ...(error.issues ? { errors: [...error.issues] } : {}),
    ...(error.executionId === undefined ? {} : { execution_id: error.executionId }),
    ...(error.details === undefined ? {} : { details: error.details }),
    trace_id: traceIdOf(request),
  };
}

export function sendProblem(
  error: ProblemError,
  request: FastifyRequest,
  reply: FastifyReply,
  more: object = {},
): void {
  const correlationId = request.headers[CORRELATION_ID];
  if (
    typeof correlationId === 'string' &&
    !reply.hasHeader(CORRELATION_ID) &&
    /^[\x20-\x7e]{1,256}$/.test(correlationId)
  ) {
    reply.header(CORRELATION_ID, correlationId);
  }
  reply
    .status(error.status)
    .headers(error.headers)
    .header('content-type', 'application/problem+json')
    .header('x-content-type-options', 'nosniff')
    .send(JSON.stringify({ ...problemBody(error, request), ...more }));
}

export function pathOf(request: FastifyRequest): string {
  const [path = '/'] = request.url.split('?', 1);
  return path;
}
