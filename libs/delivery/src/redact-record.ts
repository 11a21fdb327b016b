import type { ExecutionRecord } from '@longhaul/executions';
import { isJsonObject, type JsonObject, type JsonValue, redact } from '@longhaul/kernel';

/**
 * The record without secrets in what somebody wrote: before anything is cut, since half a secret is found no more, and
 * before it becomes JSON, where a quote in one is written otherwise.
 */
export function redactRecord(execution: ExecutionRecord, secrets: readonly string[]): ExecutionRecord {
  const { output, error, metadata, tags, correlationId, progress } = execution;
  return {
    ...execution,
    output: redactJson(output, secrets),
    error: error && { ...error, message: redact(error.message, secrets) },
    progress: progress && { ...progress, message: progress.message && redact(progress.message, secrets) },
    metadata: redactJson(metadata, secrets) as JsonObject,
    tags: tags.map((tag) => redact(tag, secrets)),
    correlationId: redact(correlationId, secrets),
  };
}

/** Texts, names, and numbers whose digits are one: those become texts. */
export function redactJson(value: JsonValue, secrets: readonly string[]): JsonValue {
  if (typeof value === 'string') return redact(value, secrets);
  if (typeof value === 'number') {
    const text = redact(String(value), secrets);
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((one) => redactJson(one, secrets));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, one]) => [redact(name, secrets), redactJson(one, secrets)]);
  return Object.fromEntries(entries) as JsonObject;
}
