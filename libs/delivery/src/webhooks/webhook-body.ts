import type { ExecutionRecord } from '@longhaul/executions';
import { isJsonObject, type JsonObject } from '@longhaul/kernel';
import type { Delivery, Subject } from '../delivery';

export const WEBHOOK_BODIES = ['thin', 'whole'] as const;
export const WEBHOOK_ENVELOPES = ['standard', 'cloudevents'] as const;
export type WebhookBody = (typeof WEBHOOK_BODIES)[number];
export type WebhookEnvelope = (typeof WEBHOOK_ENVELOPES)[number];

const MAX_MESSAGE = 500;

export interface WebhookContent {
  contentType: string;
  text: string;
}

/** The same bytes for each try: an execution that has ended does not change. */
export function webhookContent(
  delivery: Delivery,
  execution: Subject,
  { body, envelope, publicUrl }: { body: WebhookBody; envelope: WebhookEnvelope; publicUrl: string | null },
): WebhookContent {
  const data = dataOf(delivery, execution, body, publicUrl);
  const timestamp = delivery.createdAt.toISOString();
  if (envelope === 'standard') {
    return { contentType: 'application/json', text: JSON.stringify({ type: delivery.event, timestamp, data }) };
  }
  const event = {
    specversion: '1.0',
    id: delivery.id,
    source: publicUrl ?? 'longhaul',
    type: delivery.event,
    subject: delivery.subject,
    time: timestamp,
    datacontenttype: 'application/json',
    data,
  };
  return { contentType: 'application/cloudevents+json', text: JSON.stringify(event) };
}

function dataOf(
  { subject, options }: Delivery,
  execution: Subject,
  body: WebhookBody,
  publicUrl: string | null,
): JsonObject {
  if (!execution && isJsonObject(options?.['message'])) return options['message'];
  if (!execution) return { message: 'nothing has happened: this is a test', test_id: subject };
  return body === 'whole' ? wholeRecord(execution) : thinRecord(execution, publicUrl);
}

/** Enough to know what it is about and where to read the rest. */
function thinRecord(execution: ExecutionRecord, publicUrl: string | null): JsonObject {
  const { error, completedAt } = execution;
  return {
    execution_id: execution.id,
    agent: execution.agent,
    status: execution.status,
    created_at: execution.createdAt.toISOString(),
    ...(completedAt === null ? {} : { completed_at: completedAt.toISOString() }),
    ...(error === null ? {} : { error: { code: error.code, message: error.message.slice(0, MAX_MESSAGE) } }),
    conversation_id: execution.conversationId,
    correlation_id: execution.correlationId,
    metadata: execution.metadata,
    tags: [...execution.tags],
    poll_url: `${publicUrl ?? ''}/v1/executions/${execution.id}`,
  };
}

/** The record of an execution that has ended, as `GET /v1/executions/{id}` answers it: a test holds them together. */
export function wholeRecord(execution: ExecutionRecord): JsonObject {
  const { startedAt, completedAt, deadlineAt, output, error, usage, progress, retryOf } = execution;
  const moment = (name: string, at: Date | null): JsonObject => (at === null ? {} : { [name]: at.toISOString() });
  return {
    execution_id: execution.id,
    job_id: execution.jobId,
    run_id: execution.runId,
    agent: execution.agent,
    status: execution.status,
    created_at: execution.createdAt.toISOString(),
    ...moment('started_at', startedAt),
    ...moment('completed_at', completedAt),
    ...moment('deadline_at', deadlineAt),
    ...(output === null ? {} : { output }),
    ...(error === null ? {} : { error: { ...error } }),
    ...(progress === null ? {} : { progress: present({ ...progress }) }),
    attempt: execution.attempt,
    max_attempts: execution.maxAttempts,
    ...(usage === null ? {} : { usage: present({ ...usage }) }),
    conversation_id: execution.conversationId,
    correlation_id: execution.correlationId,
    metadata: execution.metadata,
    tags: [...execution.tags],
    ...(retryOf === null ? {} : { retry_of: retryOf }),
    ...(execution.forkedFrom === null ? {} : { forked_from: execution.forkedFrom }),
    ...(execution.fork === null ? {} : { fork: { ...execution.fork } }),
    ...(execution.parentId === null ? {} : { parent_id: execution.parentId }),
  };
}

/** Without what there is not. */
function present(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
