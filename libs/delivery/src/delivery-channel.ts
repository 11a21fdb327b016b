import type { Delivery, Subject, TryOutcome } from './delivery';

/**
 * A way out: webhook, Slack, mail… Knows how to send one delivery once, and nothing of tries, schedules or rows.
 *
 * `send` may be called again for the same delivery, also after it has arrived (the sender may have been killed before it
 * wrote so): `delivery.id` is what a receiver can tell that by. Answers what became of it. What it throws is a failure
 * too, retryable unless it is a `LonghaulError` that says otherwise. `signal` aborts when the try has lasted too long or
 * the process ends: then it stops and throws.
 */
export abstract class DeliveryChannel {
  /** What orders call it by, and what is stored: at most 32 characters. Never renamed. */
  abstract readonly name: string;

  abstract send(delivery: Delivery, execution: Subject, signal: AbortSignal): Promise<TryOutcome>;
}
