import { type EventFeed, isLastEvent } from '@longhaul/executions';
import type { Outbox } from './outbox';

interface Followed {
  /** The subscriptions that want it. */
  wanted: Set<string>;
  controller: AbortController;
  end: Promise<void>;
}

/** The executions that one connection follows: each once, however many of its subscriptions want it. */
export class FollowedExecutions {
  private readonly followed = new Map<string, Followed>();

  constructor(
    private readonly feed: EventFeed,
    private readonly outbox: Outbox,
    private readonly tellFailure: (error: unknown, executionId: string) => void,
  ) {}

  /** Resolves when it has ended, or nobody wants it any more. Where it is followed already, that one's cursor holds. */
  follow(executionId: string, after: number, subscription: string): Promise<void> {
    let entry = this.followed.get(executionId);
    if (!entry) {
      const controller = new AbortController();
      entry = { wanted: new Set(), controller, end: this.pump(executionId, after, controller.signal) };
      this.followed.set(executionId, entry);
    }
    entry.wanted.add(subscription);
    return entry.end;
  }

  /** Of what a subscription wanted, what nobody else wants. */
  release(subscription: string): void {
    for (const [id, { wanted, controller }] of this.followed) {
      if (!wanted.delete(subscription) || wanted.size > 0) continue;
      this.followed.delete(id);
      controller.abort();
    }
  }

  private async pump(executionId: string, after: number, signal: AbortSignal): Promise<void> {
    try {
      for await (const page of this.feed.follow(executionId, after, signal)) {
        for (const event of page) {
          await this.outbox.room();
          if (signal.aborted) return;
          this.outbox.event(event);
          if (isLastEvent(event)) this.outbox.send({ type: 'end', execution_id: executionId });
        }
      }
    } catch (error) {
      if (!signal.aborted) this.tellFailure(error, executionId);
    } finally {
      if (this.followed.get(executionId)?.controller.signal === signal) this.followed.delete(executionId);
    }
  }
}
