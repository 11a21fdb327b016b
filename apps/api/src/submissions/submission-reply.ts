import { type Execution, isTerminal } from '@longhaul/executions';
import type { FastifyReply } from 'fastify';
import { acceptedView, executionView, retryAfterS } from '../executions/execution-view';
import { ProblemError } from '../problems/problem';
import { statusOfFailure } from '../problems/error-status';
import type { Submission } from './submissions.service';
import { basePath } from './base-path';
import { CORRELATION_ID } from './trace-headers';

/**
 * Sets status and headers and gives the body: 200 with the record when it was waited for and has ended well, 202
 * while there is more to come. Throws a problem that carries `execution_id` when it has not ended well.
 */
export function submissionReply({ execution, replayed, plan }: Submission, reply: FastifyReply): object {
  reply.header(CORRELATION_ID, execution.correlationId);
  if (replayed) reply.header('idempotency-replayed', 'true');
  if (plan.applied !== undefined) reply.header('preference-applied', plan.applied);
  if (plan.waitS > 0 && isTerminal(execution.status)) {
    if (execution.status !== 'completed') throw failureOf(execution);
    reply.status(200);
    return executionView(execution);
  }
  const base = basePath(reply.request);
  reply.status(202).header('location', `${base}/v1/executions/${execution.id}`);
  reply.header('retry-after', String(retryAfterS(execution) ?? 0));
  return acceptedView(execution, base);
}

function failureOf({ id, status, error }: Execution): ProblemError {
  const code = status === 'cancelled' ? 'cancelled' : (error?.code ?? 'agent_error');
  const message = status === 'cancelled' ? 'the execution was cancelled' : error?.message;
  return new ProblemError({
    status: statusOfFailure(code),
    code,
    detail: message ?? 'the execution failed',
    executionId: id,
    ...(status === 'failed' && error?.details ? { details: error.details } : {}),
  });
}
