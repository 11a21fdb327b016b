import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { DeliveryNews } from './delivery-news';
import { DELIVERY_OPTIONS, type DeliveryOptions } from './delivery-options';
import type { DeliveryOrder } from './delivery-rules';
import { patienceMs } from './delivery-schedule';
import { insertOrders, orderProblem, type OrderRow } from './statements/order-rows';

/** An order that no transition gave. */
export interface PlacedOrder extends DeliveryOrder {
  owner: string;
  subject: string;
  /** The execution that the channel is given along; it must be the owner's. */
  executionId?: string;
  agent?: string;
}

/** Orders for what is told of otherwise than by a transition: a summary, a circuit that has opened. */
@Injectable()
export class DeliveryOrders {
  constructor(
    private readonly database: Database,
    private readonly news: DeliveryNews,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  /** Resolves after the commit. Answers the ids of those that had not been ordered before: the same again is nothing. */
  async place(orders: readonly PlacedOrder[]): Promise<string[]> {
    const rows = orders.map(toRow);
    const problem = rows.map(orderProblem).find((found) => found !== null);
    if (problem !== undefined) throw new LonghaulError('internal_error', `a delivery cannot be ordered: ${problem}`);
    if (rows.length === 0) return [];
    const { dialect } = this.database;
    const { sql, params } = insertOrders(dialect, rows, patienceMs(this.options.scheduleMs));
    const placed = await this.database.run(sql, params);
    if (placed.length > 0) this.news.tell();
    return placed.map((row) => row.id as string);
  }
}

function toRow(order: PlacedOrder): OrderRow {
  const { owner, subject, executionId = null, agent = null, event, channel, target } = order;
  return {
    owner,
    subject,
    executionId,
    agent,
    event,
    channel,
    target,
    lane: order.lane ?? channel,
    source: order.source ?? 'operator',
    options: order.options ?? null,
  };
}
