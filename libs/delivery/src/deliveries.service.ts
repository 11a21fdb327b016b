import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { deliveryConditions, type DeliveryFilter } from './delivery-filter';
import { DeliveryNews } from './delivery-news';
import { DELIVERY_OPTIONS, type DeliveryOptions } from './delivery-options';
import { type DeliveryRecord, toDeliveryRecord, toTryView, type TryView } from './delivery-record';
import { patienceMs } from './delivery-schedule';
import { redeliver } from './statements/redeliver';

/** On whose behalf something is sent again, and whether he may do so with what the operator ordered. */
export interface Redeliverer {
  owner: string;
  isOperator: boolean;
}

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
    return rows.map((row) => toDeliveryRecord(row, this.options.secrets));
  }

  /** Throws `not_found`. */
  async get(id: string, owner: string): Promise<DeliveryRecord> {
    const [row] = await this.database.read('SELECT * FROM deliveries WHERE id = $1 AND owner = $2', [id, owner]);
    if (!row) throw deliveryNotFound(id);
    return toDeliveryRecord(row, this.options.secrets);
  }

  /** First one first. */
  async triesOf(id: string): Promise<TryView[]> {
    const rows = await this.database.read('SELECT * FROM delivery_tries WHERE delivery_id = $1 ORDER BY attempt', [id]);
    return rows.map((row) => toTryView(row, this.options.secrets));
  }

  /**
   * Sends it again, under the same id and with a schedule from the start; one that waits for its next try is tried now,
   * and one that is being tried goes on. Throws `not_found`, and `forbidden` for the operator's.
   */
  async redeliver(id: string, by: Redeliverer): Promise<DeliveryRecord> {
    const { source } = await this.get(id, by.owner);
    if (source === 'operator' && !by.isOperator) throw operatorsOnly(id);
    await this.again([id], by);
    return this.get(id, by.owner);
  }

  /** At most `max` of them that he may, oldest first, after that place; answers their ids. */
  async redeliverMatching(by: Redeliverer, filter: DeliveryFilter, max: number, after = ''): Promise<string[]> {
    const { text, params } = deliveryConditions(by.owner, by.isOperator ? filter : { ...filter, source: 'client' });
    const rows = await this.database.read(
      `SELECT d.id FROM deliveries d WHERE ${text} AND d.id > $${params.length + 1}
       ORDER BY d.id LIMIT $${params.length + 2}`,
      [...params, after, max],
    );
    const ids = rows.map((row) => row.id as string);
    if (ids.length > 0) await this.again(ids, by);
    return ids;
  }

  /** Those of these that are the owner's and that he may, in their order. */
  async redeliverThese(by: Redeliverer, ids: string[]): Promise<string[]> {
    const found = new Set(await this.again(ids, by));
    return ids.filter((id) => found.has(id));
  }

  private async again(ids: string[], by: Redeliverer): Promise<string[]> {
    const done = await redeliver(this.database, ids, by, patienceMs(this.options.scheduleMs));
    if (done.length > 0) this.news.tell();
    return done;
  }
}

function deliveryNotFound(id: string): LonghaulError {
  return new LonghaulError('not_found', `no delivery "${id.slice(0, 64)}"; see GET /v1/deliveries`);
}

function operatorsOnly(id: string): LonghaulError {
  const reason = `delivery ${id} goes to a target that the operator named, and only a key with the scope admin may repeat it`;
  return new LonghaulError('forbidden', reason);
}
