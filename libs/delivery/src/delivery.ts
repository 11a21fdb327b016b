import type { ExecutionRecord } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';
import type { DeliverySource } from './entities/delivery.entity';

/** A delivery as its channel gets it, to be tried now. */
export interface Delivery {
  /** The same over all tries; what a receiver may remember to know a repetition: the `webhook-id`. */
  readonly id: string;
  readonly owner: string;
  /** `execution.completed`… */
  readonly event: string;
  /** What it is about: the execution's id, or what its order said. */
  readonly subject: string;
  readonly executionId: string | null;
  readonly agent: string | null;
  readonly channel: string;
  /** Where to, in the channel's own terms. */
  readonly target: string;
  readonly source: DeliverySource;
  /** What the order said besides. */
  readonly options: JsonObject | null;
  /** From 1, over all tries. */
  readonly attempt: number;
  /** When it happened, by the database's clock. */
  readonly createdAt: Date;
}

/** What became of one try. An excerpt is cut to 1 KB and loses what is secret before it is stored. */
export type TryOutcome =
  | { kind: 'delivered'; status?: number; excerpt?: string }
  /** `retryable: false`: no other try will help. `retryAfterMs`: what the receiver asked for. */
  | { kind: 'failed'; error: string; retryable: boolean; retryAfterMs?: number; status?: number; excerpt?: string }
  /** It was no try, and costs none: the receiver is known to be away. Fails when its time is up. */
  | { kind: 'postponed'; delayMs: number; reason: string };

/** Who was called when, of what it is about: null for what is about no execution. */
export type Subject = ExecutionRecord | null;
