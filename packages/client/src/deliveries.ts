import type { Client } from 'openapi-fetch';
import { answer } from './answer.ts';
import type { paths } from './openapi.ts';
import type { Sending } from './sending.ts';
import type {
  CallOptions,
  Delivery,
  DeliveryDetail,
  DeliveryFilter,
  DeliveryList,
  RedeliverRequest,
  Redelivered,
} from './types.ts';

/** `client.deliveries`: what left, or is to leave, when something happened. */
export class Deliveries {
  constructor(
    private readonly api: Client<paths>,
    private readonly sending: Sending,
  ) {}

  /** One page, newest first; `next_cursor` is the next one's `cursor`. */
  async list(query: DeliveryFilter = {}, { signal }: CallOptions = {}): Promise<DeliveryList> {
    return answer(await this.api.GET('/v1/deliveries', { params: { query }, ...this.sending({ signal }) }));
  }

  /** With each of its tries. */
  async get(id: string, { signal }: CallOptions = {}): Promise<DeliveryDetail> {
    const params = { path: { id } };
    return answer(await this.api.GET('/v1/deliveries/{id}', { params, ...this.sending({ signal }) }));
  }

  /** Sends it again under the same id, also when it has arrived; one that waits for its next try is tried now. */
  async redeliver(id: string, { signal }: CallOptions = {}): Promise<Delivery> {
    const params = { path: { id } };
    return answer(await this.api.POST('/v1/deliveries/{id}/redeliver', { params, ...this.sending({ signal }) }));
  }

  /**
   * The same for some, by ids or by filter (of which those that failed, unless it names a `status`), or for all that
   * failed: at most 1,000 in one call, go on with `next_cursor` until it is null. Ids that there are not are left out.
   */
  async redeliverMany(body: RedeliverRequest, { signal }: CallOptions = {}): Promise<Redelivered> {
    return answer(await this.api.POST('/v1/deliveries/redeliver', { body, ...this.sending({ signal }) }));
  }
}
