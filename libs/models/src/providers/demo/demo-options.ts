import { isJsonObject, PermanentError, type JsonValue } from '@longhaul/kernel';
import { z } from 'zod';

/** `context.demo` of a message to the demo model: how a test or a demonstration directs it. */
const demoOptions = z.strictObject({
  /** How long the whole answer takes. Default: 3000 for an async agent, 0 for a sync one. */
  sleep_ms: z.int().min(0).max(3_600_000).optional(),
  /** The answer comes in so many pieces, at most one a character. */
  chunks: z.int().min(1).max(1000).default(8),
  /** The run throws before it says anything. */
  fail: z.enum(['retryable', 'permanent']).optional(),
  /** Only the first so many attempts fail; absent = all. */
  fail_times: z.int().min(0).optional(),
  /** The tools that it wants called: those of its first answer, of its second, and so on; after that it says something. */
  tool_calls: z
    .array(z.array(z.strictObject({ tool: z.string().min(1), arguments: z.json().default({}) })).min(1))
    .max(1000)
    .default([]),
});

export type DemoOptions = z.output<typeof demoOptions>;

/** Throws `invalid_input` for options that the model does not have. */
export function demoOptionsOf(input: JsonValue): DemoOptions {
  const context = isJsonObject(input) ? input['context'] : undefined;
  const parsed = demoOptions.safeParse((isJsonObject(context) ? context['demo'] : undefined) ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => [...issue.path, issue.message].join(': ')).join('; ');
  throw new PermanentError(`context.demo: ${problems}`, { code: 'invalid_input' });
}
