import type { TEMPLATE_NAMES } from '@longhaul/config';
import type { ExecutionRecord } from '@longhaul/executions';
import type { JsonValue } from '@longhaul/kernel';
import { cleanText, cutText, oneLine } from './clean-text';

export const TIMEOUT_CODES: readonly string[] = ['timeout', 'soft_timeout', 'idle_timeout', 'deadline_exceeded'];

export type EndEvent = 'complete' | 'error' | 'timeout';

/** How an execution ended, in the words of `notifications`; null for one that nobody is told of: cancelled, or not over. */
export function endEventOf({ status, error }: Pick<ExecutionRecord, 'status' | 'error'>): EndEvent | null {
  if (status === 'completed') return 'complete';
  if (status !== 'failed') return null;
  return TIMEOUT_CODES.includes(error?.code ?? '') ? 'timeout' : 'error';
}

/** Nobody reads more of it in a message. */
const MAX_OUTPUT = 1_500;

/** What a template may name; docs/notifications.md tells it to users. */
export interface Facts extends Record<keyof typeof TEMPLATE_NAMES, JsonValue> {
  event: EndEvent;
  headline: string;
  execution_id: string;
  output: string;
  error: { code: string; message: string } | null;
}

export function factsOf(execution: ExecutionRecord, link: string): Facts {
  const { id, agent, status, error, attempt, createdAt, completedAt } = execution;
  const event = endEventOf(execution) ?? 'error';
  const duration = completedAt === null ? '' : durationText(completedAt.getTime() - createdAt.getTime());
  return {
    event,
    headline: headline(execution, event, duration),
    agent,
    status,
    execution_id: id,
    conversation_id: execution.conversationId,
    correlation_id: execution.correlationId,
    owner: execution.owner,
    attempt,
    created_at: createdAt.toISOString(),
    completed_at: completedAt?.toISOString() ?? '',
    duration,
    output: outputText(execution.output),
    error: error ? { code: error.code, message: cutText(cleanText(error.message), MAX_OUTPUT) } : null,
    tags: [...execution.tags],
    metadata: execution.metadata,
    link,
  };
}

function headline({ agent, attempt, error }: ExecutionRecord, event: EndEvent, duration: string): string {
  const code = oneLine(error?.code ?? 'unknown');
  const attempts = attempt > 1 ? ` after ${attempt} attempts` : '';
  if (event === 'complete') return `${agent} completed in ${duration}`;
  return event === 'timeout' ? `${agent} ran out of time: ${code}` : `${agent} failed${attempts}: ${code}`;
}

/** A text as it is, `{ text }` of a model as its text, all else as JSON. */
function outputText(output: JsonValue): string {
  if (output === null) return '';
  const text = typeof output === 'object' && !Array.isArray(output) ? output['text'] : output;
  return cutText(cleanText(typeof text === 'string' ? text : JSON.stringify(output)), MAX_OUTPUT);
}

/** 840 ms, 12 s, 4 min 12 s, 3 h 5 min */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const s = Math.round(ms / 1_000);
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  return min < 60 ? `${min} min ${s % 60} s` : `${Math.floor(min / 60)} h ${min % 60} min`;
}
