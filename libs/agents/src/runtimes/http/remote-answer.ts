import { type Issue, type JsonValue, isJsonObject, redact } from '@longhaul/kernel';
import { z } from 'zod';

/** Any JSON, but it must be there. */
const output = z.custom<JsonValue>((value) => value !== undefined, { error: 'is required' });
const amount = z.number().min(0).default(0);
const usage = z.object({ input_tokens: amount, output_tokens: amount, cost_usd: amount });
const failure = z.object({
  code: z.string().max(100).optional(),
  message: z.string().max(4_000).default('the remote agent gave no reason'),
  retryable: z.boolean().default(false),
});
const progress = z.object({
  percent: z.number().min(0).max(100),
  message: z.string().max(1_000).optional(),
  step: z.string().max(200).optional(),
});

const answer = z.discriminatedUnion(
  'status',
  [
    z.object({ status: z.literal('completed'), output, usage: usage.optional() }),
    z.object({ status: z.literal('failed'), error: failure }),
    z.object({ status: z.literal('running'), progress: progress.optional() }),
  ],
  { error: 'expected completed, failed or running' },
);

/** What a remote agent says of an execution: the same object at once, as the answer to the POST, or in a callback. */
export type RemoteAnswer = z.output<typeof answer>;
export type FinalAnswer = Exclude<RemoteAnswer, { status: 'running' }>;

/** Keys that the protocol does not have are ignored: an agent may say more. */
export function parseRemoteAnswer(value: unknown): { answer: RemoteAnswer } | { issues: Issue[] } {
  if (!isJsonObject(value)) return { issues: [{ path: '', message: 'expected a JSON object' }] };
  const parsed = answer.safeParse(value);
  if (parsed.success) return { answer: parsed.data };
  return {
    issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  };
}

/** The answer to a POST needs no status: who answers at once has completed. */
export function parseImmediateAnswer(value: JsonValue) {
  return parseRemoteAnswer(isJsonObject(value) ? { status: 'completed', ...value } : value);
}

/** The same without what the gateway sent as a credential: an agent that echoes must not publish it. */
export function withoutSecrets<A extends RemoteAnswer>(said: A, secrets: readonly string[]): A {
  const text = JSON.stringify(said);
  const clean = redact(text, secrets);
  return clean === text ? said : (JSON.parse(clean) as A);
}
