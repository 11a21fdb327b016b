import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { Batcher, faults } from '@longhaul/kernel';
import { Metrics } from '@longhaul/telemetry';
import { DeliveryNews } from '../delivery-news';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery-options';
import { type ClaimedDelivery, claimDeliveries, findDueDeliveries } from '../statements/claim-deliveries';
import { endTries, type TryRecord } from '../statements/end-tries';
import { Lanes } from './lanes';
import { TryDelivery } from './try-delivery';

const LOOK_INTERVAL_MS = 1_000;
/** A claim outlives the time limit of its try by so much. */
const CLAIM_SLACK_MS = 10_000;
const MAX_CANDIDATES = 200;
/** How long a stopping sender lets go on what it is sending. */
const DRAIN_MS = 3_000;

/**
 * Sends what is due, in every worker: claims by a conditional statement, so that any number of senders share the work,
 * sends within its limits, and writes what became of each try. Woken by hint; looks by itself once a second. What a
 * killed sender held comes due again when the claim ends: everything is sent at least once.
 */
@Injectable()
export class DeliverySender {
  private readonly logger = new Logger('Deliveries');
  private readonly lanes: Lanes;
  private readonly records: Batcher<TryRecord, boolean>;
  private readonly atWork = new Set<Promise<void>>();
  private stopping = new AbortController();
  private running = false;
  private looking = false;
  private lookAgain = false;
  private timer: NodeJS.Timeout | undefined;
  private unlisten: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly tries: TryDelivery,
    private readonly news: DeliveryNews,
    private readonly metrics: Metrics,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {
    this.lanes = new Lanes(options);
    this.records = new Batcher((items) => endTries(database, items), {
      maxItems: 64,
      isBadItem: (error) => database.isRefusal(error),
    });
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.stopping = new AbortController();
    this.unlisten = this.news.listen(() => this.wake());
    this.timer = setInterval(() => this.wake(), LOOK_INTERVAL_MS);
    this.wake();
  }

  /** Takes nothing more; what is being sent has a few seconds, then it is due again, at no cost to its tries. */
  async stop(): Promise<void> {
    this.running = false;
    this.unlisten();
    clearInterval(this.timer);
    const timer = setTimeout(() => this.stopping.abort(), DRAIN_MS);
    // A look that is under way may bring more.
    while (this.atWork.size > 0) await Promise.all(this.atWork);
    clearTimeout(timer);
  }

  private wake(): void {
    this.lookAgain = true;
    if (this.looking) return;
    this.looking = true;
    const work = this.look()
      .catch((error: unknown) => this.logger.warn(`a look for deliveries failed, the next will do: ${String(error)}`))
      .finally(() => {
        this.looking = false;
        this.atWork.delete(work);
        if (this.running && this.lookAgain && this.lanes.free > 0) this.wake();
      });
    this.atWork.add(work);
  }

  private async look(): Promise<void> {
    while (this.running && this.lookAgain && this.lanes.free > 0) {
      this.lookAgain = false;
      const candidates = await findDueDeliveries(this.database, this.lanes.full, MAX_CANDIDATES);
      const chosen = this.lanes.choose(candidates);
      if (chosen.length === 0) return;
      const ids = chosen.map(({ id }) => id);
      const leaseMs = this.options.tryTimeoutMs + CLAIM_SLACK_MS;
      const claimed = await claimDeliveries(this.database, ids, randomUUID(), leaseMs);
      for (const one of claimed) {
        if (this.running) this.send(one);
        else this.giveBack(one);
      }
      // Some were passed over for want of room for them, or taken by somebody else: there is more to do.
      if (candidates.length > claimed.length) this.lookAgain = claimed.length > 0;
    }
  }

  /** Claimed by a look that the stop overtook: due at once, for others. */
  private giveBack({ delivery, claim }: ClaimedDelivery): void {
    const back = { id: delivery.id, claim, status: 'pending' as const, delayMs: 0, reason: 'the sender was stopped' };
    const work = this.records
      .add(back)
      .then(() => undefined)
      .catch((error: unknown) => this.logger.warn(`${delivery.id} is due when its claim is over: ${String(error)}`))
      .finally(() => this.atWork.delete(work));
    this.atWork.add(work);
  }

  private send(claimed: ClaimedDelivery): void {
    const place = { lane: claimed.lane, owner: claimed.delivery.owner };
    this.lanes.enter(place);
    faults.at('delivery.claimed');
    const work = this.tryOnce(claimed)
      .catch((error: unknown) =>
        this.logger.warn(`what became of ${claimed.delivery.id} is not written, it is tried again: ${String(error)}`),
      )
      .finally(() => {
        this.lanes.leave(place);
        this.atWork.delete(work);
        if (this.running) this.wake();
      });
    this.atWork.add(work);
  }

  private async tryOnce(claimed: ClaimedDelivery): Promise<void> {
    const record = await this.tries.run(claimed, this.stopping.signal);
    faults.at('delivery.sent');
    const written = await this.records.add(record);
    const { id, channel, event } = claimed.delivery;
    if (record.tried) this.metrics.add('deliveries', { channel, outcome: record.tried.outcome });
    if (!written) this.logger.warn(`the claim on ${id} was over before its try was: somebody else sends it too`);
    else if (record.status === 'failed') {
      const why = record.tried?.error ?? record.reason ?? 'no reason';
      this.logger.warn(`${id} (${event}, ${channel}) has failed for good: ${why}`);
    }
  }
}
