import { z } from 'zod';

/** What every broker takes as a routing key, channel, subject or topic, and none reads as a wildcard. */
const NAME = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
const RULE = 'must be letters, digits, _ and -, in parts joined by dots, at most 200: support.triage.completed';
const eventName = z.string().max(200, { error: RULE }).regex(NAME, { error: RULE });

export const RESULT_DELIVERIES = ['best-effort', 'at-least-once'] as const;

/** The name alone is short for an object with it. */
export const resultEventSchema = z.strictObject({
  name: eventName.describe('What a subscriber names in @EventPattern; sent when an execution has completed'),
  failure: eventName.optional().describe('Sent when one has failed or was cancelled; without it nothing is'),
  delivery: z
    .enum(RESULT_DELIVERIES)
    .optional()
    .describe('best-effort: sent once after the end. at-least-once: stored with the end and sent until confirmed'),
});

/** The event that tells other services of an end. */
export interface AgentResultEvent {
  readonly name: string;
  /** Of an end without a result; undefined = nobody is told. */
  readonly failure?: string;
  readonly delivery: (typeof RESULT_DELIVERIES)[number];
}

/** What the gateway has for result events; null: no broker. */
export type ResultEventsDefault = { readonly transport: string; readonly confirms: boolean } | null;

export function resultEventOf(written: z.output<typeof resultEventSchema> | undefined): AgentResultEvent | undefined {
  if (!written) return undefined;
  const { name, failure, delivery = 'best-effort' } = written;
  return { name, ...(failure === undefined ? {} : { failure }), delivery };
}

/** Why an event would not be sent as it is promised, with the mend. */
export function whyNotSent(event: AgentResultEvent, broker: ResultEventsDefault): string | undefined {
  if (!broker) {
    const mend =
      'set result_events.transport and result_events.url in gateway.yaml, or queue.backend: redis or rabbitmq';
    return `result_event ${event.name} has no broker to go to: ${mend}`;
  }
  if (event.delivery === 'best-effort' || broker.confirms) return undefined;
  return `result_event ${event.name} is to be delivered at least once, and ${broker.transport} confirms nothing: set result_events.transport to rabbitmq, kafka or redis, or delivery: best-effort`;
}
