import { Inject, Injectable, Logger } from '@nestjs/common';
import { knownChannels, type NotifyTarget } from '@longhaul/config';
import { Database } from '@longhaul/database';
import { DeliveryOrders } from '../../delivery-orders';
import { notificationOrders } from '../notification-orders';
import { NOTIFIERS_OPTIONS, type NotifiersOptions } from '../notifiers-options';
import { readSummary, summaryText } from './read-summary';
import { dueSummary } from './summary-day';

const EVENT = 'summary.daily';
const LOOK_INTERVAL_MS = 30_000;
/** It is about everybody's executions, so it is nobody's: no key has an owner without a name. */
const NOBODY = '';

/**
 * Orders a mail a day, in every worker: whoever is first writes the rows, for all others they are there already. A
 * gateway that was away at the time orders it when it comes back, for the last day alone.
 */
@Injectable()
export class DailySummary {
  private readonly logger = new Logger('DailySummary');
  /** The date of the last one that is known to be ordered. */
  private ordered = '';
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly orders: DeliveryOrders,
    @Inject(NOTIFIERS_OPTIONS) private readonly options: NotifiersOptions,
  ) {}

  start(): void {
    if (!this.options.notifications.dailySummary || this.timer) return;
    this.timer = setInterval(() => this.tick(), LOOK_INTERVAL_MS);
    this.tick();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.looking;
  }

  /** Answers how many mails it ordered: none when it was not first, or is not configured. */
  async look(now: number = Date.now()): Promise<number> {
    const { dailySummary } = this.options.notifications;
    if (!dailySummary) return 0;
    const day = dueSummary(dailySummary.at, dailySummary.timezone, now);
    if (day.date === this.ordered) return 0;
    const subject = `summary_${day.date}`;
    const sql = 'SELECT 1 FROM deliveries WHERE subject = $1 AND event = $2 LIMIT 1';
    const [there] = await this.database.read(sql, [subject, EVENT]);
    const placed = there ? [] : await this.place(subject, summaryText(await readSummary(this.database, day), day));
    this.ordered = day.date;
    return placed.length;
  }

  private place(subject: string, text: { subject: string; paragraphs: string[] }): Promise<string[]> {
    const { notifications } = this.options;
    const to = notifications.dailySummary?.to;
    const targets: NotifyTarget[] =
      to === undefined ? [{ channel: 'email' }] : [to].flat().map((one) => ({ channel: 'email', to: one }));
    const message = { ...text, severity: 'info' as const };
    const orders = notificationOrders(targets, knownChannels(notifications), EVENT, { message });
    return this.orders.place(orders.map((order) => ({ ...order, owner: NOBODY, subject })));
  }

  private tick(): void {
    this.looking = this.look().then(
      () => undefined,
      (error: unknown) => this.logger.warn(`the daily summary is not ordered yet, it is tried again: ${String(error)}`),
    );
  }
}
