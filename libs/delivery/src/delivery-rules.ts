import type { TransitionChange } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';

/** Something is to leave. The same (subject, event, channel, target) is ordered once, whoever orders it how often. */
export interface DeliveryOrder {
  /** `execution.completed`…; at most 64 characters. */
  event: string;
  /** The name of a `DeliveryChannel`. */
  channel: string;
  /** Where to, in the channel's own terms: a URL, a name. */
  target: string;
  /** What the channel needs besides, as it is now: a template, say. No secrets: look them up when sending. */
  options?: JsonObject;
  /** Whose limit of concurrent sends it shares; the channel's name when absent. */
  lane?: string;
  /**
   * `client`: its owner named the target himself, in a request. Absent, it is the operator's: its owner does not see it,
   * nor what was answered there.
   */
  source?: 'client';
  /** What it is about, where that is not the execution as a whole; at most 128 characters. */
  subject?: string;
}

/**
 * Says what leaves with a transition. Asked inside its transaction: synchronous, without I/O, from what the process
 * knows (the agents, the configuration, the execution itself); quick, and mostly with an empty answer. May be asked
 * twice for one change. What it throws is logged, and nothing is ordered by it: it never undoes the transition.
 */
export abstract class DeliveryRules {
  abstract ordersFor(change: TransitionChange): readonly DeliveryOrder[];
}
