import { inputIssues, type Issue, type JsonObject, type JsonValue } from '@longhaul/kernel';

/** What an answer holds, or why it does not fit. */
export type Reading = { ok: true; value: JsonValue } | { ok: false; issues: Issue[] };

/** Told to every model: some providers cannot be held to a schema, and others forget. */
export function schemaInstructions(schema: JsonObject): string {
  return `Answer with one JSON value that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`;
}

/** Reads an answer as JSON, also from a fence that a model put around it against its orders. */
export function readOutput(schema: JsonObject, text: string): Reading {
  const bare = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
  let value: JsonValue;
  try {
    value = JSON.parse(bare) as JsonValue;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, issues: [{ path: 'output', message: `is not JSON: ${reason}` }] };
  }
  const issues = inputIssues(schema, value, 'output');
  return issues.length === 0 ? { ok: true, value } : { ok: false, issues };
}

/** What a model is told when its answer did not fit: once, and no more. */
export function repairRequest(issues: Issue[]): string {
  const lines = issues.map(({ path, message }) => `- ${path}: ${message}`);
  return `That does not fit the JSON Schema:\n${lines.join('\n')}\nAnswer again, with the corrected JSON value alone.`;
}
