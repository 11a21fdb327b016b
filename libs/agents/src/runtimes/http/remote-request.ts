import type { ExecutionContext } from '@longhaul/executions';
import type { OutboundRequest } from '@longhaul/outbound';
import type { HttpAgent } from './http-agent';

/** The POST by which an execution is handed to a remote agent. docs/http-agents.md is its contract. */
export function postRequest(agent: HttpAgent, context: ExecutionContext, callbackUrl: string | null): OutboundRequest {
  const body = JSON.stringify({
    execution_id: context.executionId,
    run_id: context.runId,
    attempt: context.attempt,
    agent: context.target,
    input: context.input,
    conversation_id: context.conversationId,
    correlation_id: context.correlationId,
    metadata: context.metadata,
    deadline: context.deadline.toISOString(),
    ...(callbackUrl === null ? {} : { callback_url: callbackUrl }),
  });
  const timeoutMs = agent.timeoutMs ?? Math.max(1, context.deadline.getTime() - Date.now()) + 1_000;
  return {
    method: 'POST',
    url: agent.url,
    headers: {
      ...agent.headers,
      ...headersOf(context),
      'content-type': 'application/json',
      accept: 'application/json',
      ...agent.signer?.sign(`${context.executionId}.${context.runId}`, body),
    },
    body,
    signal: context.signal,
    timeoutMs,
  };
}

/** The DELETE that tells a remote agent to stop: `<url>/<execution id>`. */
export function deleteRequest(agent: HttpAgent, context: ExecutionContext, timeoutMs: number): OutboundRequest {
  const url = new URL(agent.url);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${context.executionId}`;
  return {
    method: 'DELETE',
    url: url.href,
    headers: {
      ...agent.headers,
      ...headersOf(context),
      ...agent.signer?.sign(`${context.executionId}.cancel`, ''),
    },
    timeoutMs,
  };
}

/** The key is the execution's: a later attempt at it is the same request to the remote agent. */
function headersOf(context: ExecutionContext): Record<string, string> {
  return {
    'idempotency-key': context.executionId,
    'longhaul-run-id': context.runId,
    'longhaul-attempt': String(context.attempt),
    // Only what a header can hold: the caller's own id may be any text.
    ...(/^[\x20-\x7e]+$/.test(context.correlationId) ? { 'x-correlation-id': context.correlationId } : {}),
    ...(context.traceparent === null ? {} : { traceparent: context.traceparent }),
  };
}
