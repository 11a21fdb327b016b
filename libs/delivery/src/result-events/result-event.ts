import type { Failure, JsonObject, JsonValue } from '@longhaul/kernel';
import type { ExecutionRecord, ExecutionStatus } from '@longhaul/executions';

/** What a subscriber gets as the payload of its `@EventPattern`. */
export interface ResultEvent {
  /** The same over all tries: who has seen it drops the event. */
  id: string;
  execution_id: string;
  agent: string;
  /** `completed`, `failed` or `cancelled`. */
  status: ExecutionStatus;
  conversation_id: string;
  correlation_id: string;
  /** Of a completed execution; left out where it is too large, see `output_url`. */
  output?: JsonValue;
  /** Where a large output is: `GET` it from the gateway. */
  output_url?: string;
  /** Of a failed one. */
  error?: Failure;
  metadata: JsonObject;
  /** ISO 8601. */
  completed_at: string | null;
}

/** In bytes of JSON. With the largest metadata that a request may have, an event stays below a megabyte: what NATS and Kafka take unasked. */
const MAX_OUTPUT = 256 * 1024;

export function toResultEvent(id: string, execution: ExecutionRecord): ResultEvent {
  const { status, output, error } = execution;
  return {
    id,
    execution_id: execution.id,
    agent: execution.agent,
    status,
    conversation_id: execution.conversationId,
    correlation_id: execution.correlationId,
    ...(status === 'completed' ? outputOf(execution.id, output) : {}),
    ...(status === 'failed' && error ? { error } : {}),
    metadata: execution.metadata,
    completed_at: execution.completedAt?.toISOString() ?? null,
  };
}

function outputOf(executionId: string, output: JsonValue): Pick<ResultEvent, 'output' | 'output_url'> {
  const isLarge = Buffer.byteLength(JSON.stringify(output)) > MAX_OUTPUT;
  return isLarge ? { output_url: `/v1/executions/${executionId}` } : { output };
}
