import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Delivery, Subject, TryOutcome } from '../delivery';
import { DeliveryChannel } from '../delivery-channel';
import { DeliveryChannels } from '../delivery-channels';
import { toResultEvent } from './result-event';
import { ResultEventPublisher } from './result-event-publisher';

const SHORTEST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Result events that are promised: the target of a delivery is the event's name, its id the event's. Delivered is what
 * the broker has confirmed and somebody gets. A broker that is away costs no try: the event waits for about as long as it
 * has been away, at most a minute, so a long backlog asks little.
 */
@Injectable()
export class ResultEventChannel extends DeliveryChannel implements OnModuleInit {
  readonly name = 'result_event';
  private awaySince: number | null = null;

  constructor(
    private readonly channels: DeliveryChannels,
    private readonly publisher: ResultEventPublisher,
  ) {
    super();
  }

  onModuleInit(): void {
    this.channels.register(this);
  }

  async send({ id, target }: Delivery, execution: Subject, signal: AbortSignal): Promise<TryOutcome> {
    if (!execution) return { kind: 'failed', error: 'a result event is about an execution', retryable: false };
    try {
      const heard = await this.publisher.publish(target, toResultEvent(id, execution), signal);
      this.awaySince = null;
      if (heard) return { kind: 'delivered' };
      return { kind: 'failed', error: `nobody gets ${target}: ${this.publisher.whoIsMissing}`, retryable: true };
    } catch (error) {
      return {
        kind: 'postponed',
        delayMs: this.pauseMs(),
        reason: error instanceof Error ? error.message : String(error),
      };
    }
  }

  private pauseMs(): number {
    this.awaySince ??= performance.now();
    const awayMs = Math.round(performance.now() - this.awaySince);
    return Math.min(Math.max(awayMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  }
}
