import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError, newId } from '@longhaul/kernel';
import { HintBus } from '@longhaul/queue';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery-options';
import { DeliveryOrders } from '../delivery-orders';
import { WEBHOOK_CHANNEL } from '../statements/endpoint-orders';
import { type Endpoint, type EndpointSettings, TEST_EVENT, toEndpoint } from './endpoint';
import { deleteEndpoint, insertEndpoint, rotateSecret, updateEndpoint } from './endpoint-statements';
import { BELIEVED_MS } from './endpoint-watch';
import { checkWebhookUrl, hostOf } from './webhook-url';

const MAX_OF_OWNER = 50;

/** An endpoint with its secret, which is shown this once. */
export interface WithSecret {
  endpoint: Endpoint;
  secret: string;
}

/** The registered endpoints, each on behalf of one owner: what is somebody else's is not there. */
@Injectable()
export class EndpointsService {
  constructor(
    private readonly database: Database,
    private readonly hints: HintBus,
    private readonly orders: DeliveryOrders,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  /**
   * From its answer on no end of an execution is missed, in whichever process: the first one waits until none of them
   * believes any more that there are none. Throws `invalid_request`.
   */
  async create(owner: string, settings: EndpointSettings): Promise<WithSecret> {
    this.assertUrl(settings.url);
    const secret = newSecret();
    const id = newId('whe');
    const limits = { max: MAX_OF_OWNER, believedMs: BELIEVED_MS };
    const stored = await insertEndpoint(this.database, { id, owner, secret, ...settings }, limits);
    if (!stored) {
      throw new LonghaulError(
        'invalid_request',
        `there are ${MAX_OF_OWNER} endpoints already: delete one of them first`,
      );
    }
    this.hints.publish({ kind: 'endpoints' });
    if (stored.first) await untilNobodyBelieves();
    return { endpoint: toEndpoint(stored.row), secret };
  }

  /** Newest first; `before` is the id of the last one seen. */
  async list(owner: string, limit: number, before?: string): Promise<Endpoint[]> {
    const rows = await this.database.read(
      `SELECT * FROM webhook_endpoints WHERE owner = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`,
      [owner, before ?? '', limit],
    );
    return rows.map(toEndpoint);
  }

  /** Throws `not_found`. */
  async get(id: string, owner: string): Promise<Endpoint> {
    const [row] = await this.database.read('SELECT * FROM webhook_endpoints WHERE id = $1 AND owner = $2', [id, owner]);
    if (!row) throw endpointNotFound(id);
    return toEndpoint(row);
  }

  /** What is absent stays. Enabling it, or another URL, closes its circuit. Throws `not_found`, `invalid_request`. */
  async update(
    id: string,
    owner: string,
    change: Partial<EndpointSettings> & { enabled?: boolean },
  ): Promise<Endpoint> {
    if (change.url !== undefined) this.assertUrl(change.url);
    const now = await this.get(id, owner);
    const { enabled = now.enabled, ...settings } = change;
    const row = await updateEndpoint(this.database, id, owner, {
      settings: { ...now, ...settings },
      enabled,
      disabledReason: enabled ? null : (now.disabledReason ?? 'by hand'),
      startsAnew: change.enabled === true || (settings.url !== undefined && settings.url !== now.url),
    });
    if (!row) throw endpointNotFound(id);
    this.hints.publish({ kind: 'endpoints' });
    if (enabled && !now.enabled) await untilNobodyBelieves();
    return toEndpoint(row);
  }

  /** The old secret signs too for `overlapMs`. Throws `not_found`. */
  async rotate(id: string, owner: string, overlapMs: number): Promise<WithSecret> {
    const secret = newSecret();
    const row = await rotateSecret(this.database, id, owner, { secret, overlapMs });
    if (!row) throw endpointNotFound(id);
    return { endpoint: toEndpoint(row), secret };
  }

  /** What is still to be delivered to it fails. Throws `not_found`. */
  async delete(id: string, owner: string): Promise<void> {
    if (!(await deleteEndpoint(this.database, id, owner))) throw endpointNotFound(id);
    this.hints.publish({ kind: 'endpoints' });
  }

  /** Sends it something that says that it is a test; answers the delivery's id. Throws `not_found`. */
  async test(id: string, owner: string): Promise<string> {
    const { url } = await this.get(id, owner);
    const order = {
      owner,
      subject: `test_${newId('dlv')}`,
      event: TEST_EVENT,
      channel: WEBHOOK_CHANNEL,
      source: 'client',
    } as const;
    const [placed] = await this.orders.place([{ ...order, target: id, lane: hostOf(url) }]);
    if (placed === undefined) throw new LonghaulError('internal_error', 'a test was ordered twice');
    return placed;
  }

  private assertUrl(url: string): void {
    const issue = checkWebhookUrl(url, 'url', this.options);
    if (issue) throw new LonghaulError('invalid_request', `url: ${issue.message}`, { issues: [issue] });
  }
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

function untilNobodyBelieves(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, BELIEVED_MS));
}

function endpointNotFound(id: string): LonghaulError {
  return new LonghaulError('not_found', `no webhook endpoint "${id.slice(0, 64)}"; see GET /v1/webhook-endpoints`);
}
