import { notifyTargets, type PlacedTarget, readTargets } from '@longhaul/config';
import { isJsonObject, type JsonValue } from '@longhaul/kernel';
import { z } from 'zod';

const targets = (description: string) => notifyTargets.optional().describe(description);

/** `notifications` of an AGENT.md. */
export const notificationsSchema = z.strictObject({
  on_complete: targets(
    'Whom to tell that it completed: slack, { channel: slack, to: "#x", template: short }, or a list',
  ),
  on_error: targets('Whom to tell that it failed; [] = nobody, whatever gateway.yaml says'),
  on_timeout: targets('Whom to tell that its time was up; on_error when absent'),
  on_approval: targets('Whom to tell that a person must decide on something'),
});

/** Ends, and the wish for a person's word, in the words of libs/delivery. What is absent is for gateway.yaml to say. */
export type AgentNotifications = { readonly [End in keyof typeof KEYS]?: readonly PlacedTarget[] };

export const KEYS = {
  complete: 'on_complete',
  error: 'on_error',
  timeout: 'on_timeout',
  approval: 'on_approval',
} as const;

export function agentNotifications(written: z.output<typeof notificationsSchema> = {}): AgentNotifications {
  const entries = Object.entries(KEYS).filter(([, key]) => written[key] !== undefined);
  return Object.fromEntries(entries.map(([end, key]) => [end, readTargets(written[key])]));
}

/** With `to` where the Python agents-gateway writes `target`. */
export function inOurWords(node: JsonValue): JsonValue {
  if (Array.isArray(node)) return node.map(inOurWords);
  if (!isJsonObject(node)) return node;
  const entries = Object.entries(node).map(([key, value]): [string, JsonValue] => [
    key === 'target' && !Object.hasOwn(node, 'to') ? 'to' : key,
    inOurWords(value),
  ]);
  return Object.fromEntries(entries);
}
