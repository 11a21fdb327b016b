import { type EventFeed, type ExecutionEvent, isLastEvent } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
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

  private tell(event: ExecutionEvent): void {
    this.outbox.event(event);
    if (isLastEvent(event)) this.outbox.send({ type: 'end', execution_id: event.executionId });
  }

  private async pump(executionId: string, after: number, signal: AbortSignal): Promise<void> {
    try {
      for await (const page of this.feed.follow(executionId, after, signal)) {
        for (const event of page) {
          if (signal.aborted) return;
          await this.outbox.whenRoom(() => {
            if (!signal.aborted) this.tell(event);
          });
          if (isLastEvent(event)) return;
        }
        // A page is asked for when there is room for it.
        await this.outbox.room();
      }
      if (!signal.aborted) this.tellFailure(this.reasonOfEnd(executionId), executionId);
    } catch (error) {
      if (!signal.aborted) this.tellFailure(error, executionId);
    } finally {
      if (this.followed.get(executionId)?.controller.signal === signal) this.followed.delete(executionId);
    }
  }

  /** Of a log without a terminal event. */
  private reasonOfEnd(executionId: string): LonghaulError {
    if (this.feed.stopped) {
      return new LonghaulError('unavailable', 'this process stops: connect again, with your cursors', {
        retryable: true,
      });
    }
    return new LonghaulError('not_found', `there is no execution "${executionId}" any more: it was deleted`);
  }
}
