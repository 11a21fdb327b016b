import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { deliveryConditions, type DeliveryFilter } from './delivery-filter';
import { DeliveryNews } from './delivery-news';
import { DELIVERY_OPTIONS, type DeliveryOptions } from './delivery-options';
import { type DeliveryRecord, toDeliveryRecord, toTryView, type TryView } from './delivery-record';
import { patienceMs } from './delivery-schedule';
import { redeliver } from './statements/redeliver';

/** The log of deliveries, and how to have one sent again; each on behalf of one owner. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly database: Database,
    private readonly news: DeliveryNews,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  /** Newest first; `before` is the id of the last one seen. */
  async list(owner: string, filter: DeliveryFilter, limit: number, before?: string): Promise<DeliveryRecord[]> {
    const { text, params } = deliveryConditions(owner, filter);
    const place = before === undefined ? '' : `AND d.id < $${params.length + 2}`;
    const rows = await this.database.read(
      `SELECT * FROM deliveries d WHERE ${text} ${place} ORDER BY d.id DESC LIMIT $${params.length + 1}`,
      [...params, limit, ...(before === undefined ? [] : [before])],
    );
    return rows.map(toDeliveryRecord);
  }

  /** Throws `not_found`. */
  async get(id: string, owner: string): Promise<DeliveryRecord> {
    const [row] = await this.database.read('SELECT * FROM deliveries WHERE id = $1 AND owner = $2', [id, owner]);
    if (!row) throw deliveryNotFound(id);
    return toDeliveryRecord(row);
  }

  /** First one first. */
  async triesOf(id: string): Promise<TryView[]> {
    const rows = await this.database.read('SELECT * FROM delivery_tries WHERE delivery_id = $1 ORDER BY attempt', [id]);
    return rows.map(toTryView);
  }

  /**
   * Sends it again, under the same id and with a schedule from the start; one that waits for its next try is tried now,
   * and one that is being tried goes on. Throws `not_found`.
   */
  async redeliver(id: string, owner: string): Promise<DeliveryRecord> {
    await this.again([id], owner);
    return this.get(id, owner);
  }

  /** At most `max` of them, oldest first, after that place; answers their ids. */
  async redeliverMatching(owner: string, filter: DeliveryFilter, max: number, after = ''): Promise<string[]> {
    const { text, params } = deliveryConditions(owner, filter);
    const rows = await this.database.read(
      `SELECT d.id FROM deliveries d WHERE ${text} AND d.id > $${params.length + 1}
       ORDER BY d.id LIMIT $${params.length + 2}`,
      [...params, after, max],
    );
    const ids = rows.map((row) => row.id as string);
    if (ids.length > 0) await this.again(ids, owner);
    return ids;
  }

  /** Those of these that are the owner's, in their order. */
  async redeliverThese(owner: string, ids: string[]): Promise<string[]> {
    const found = new Set(await this.again(ids, owner));
    return ids.filter((id) => found.has(id));
  }

  private async again(ids: string[], owner: string): Promise<string[]> {
    const done = await redeliver(this.database, ids, owner, patienceMs(this.options.scheduleMs));
    if (done.length > 0) this.news.tell();
    return done;
  }
}

function deliveryNotFound(id: string): LonghaulError {
  return new LonghaulError('not_found', `no delivery "${id.slice(0, 64)}"; see GET /v1/deliveries`);
}
