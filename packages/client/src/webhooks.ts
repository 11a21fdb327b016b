import type { Client } from 'openapi-fetch';
import { answer } from './answer.ts';
import { LonghaulApiError } from './errors.ts';
import type { paths } from './openapi.ts';
import type { Sending } from './sending.ts';
import type {
  CallOptions,
  ChangeEndpointRequest,
  CreateEndpointRequest,
  DeliveryOrdered,
  PageQuery,
  RotateSecretRequest,
  WebhookEndpoint,
  WebhookEndpointList,
  WebhookEndpointWithSecret,
} from './types.ts';

/** Done twice, the first secret is lost: an endpoint whose calls nobody can verify, or the old secret out of use. */
const ONCE = { retryMs: 0 };

/** `client.webhooks`: the endpoints that are called when executions end. */
export class Webhooks {
  constructor(
    private readonly api: Client<paths>,
    private readonly sending: Sending,
  ) {}

  /** One page, newest first; `next_cursor` is the next one's `cursor`. */
  async list(query: PageQuery = {}, { signal }: CallOptions = {}): Promise<WebhookEndpointList> {
    return answer(await this.api.GET('/v1/webhook-endpoints', { params: { query }, ...this.sending({ signal }) }));
  }

  /**
   * With its `secret`, which is shown this once. Sent once: when it throws `LonghaulConnectionError`, look with `list`
   * whether it is there.
   */
  async create(body: CreateEndpointRequest, { signal }: CallOptions = {}): Promise<WebhookEndpointWithSecret> {
    return answer(await this.api.POST('/v1/webhook-endpoints', { body, ...this.sending({ signal, ...ONCE }) }));
  }

  /** Without its secret. */
  async get(id: string, { signal }: CallOptions = {}): Promise<WebhookEndpoint> {
    const params = { path: { id } };
    return answer(await this.api.GET('/v1/webhook-endpoints/{id}', { params, ...this.sending({ signal }) }));
  }

  /** What is absent stays. `enabled: true` also closes its circuit. */
  async update(id: string, body: ChangeEndpointRequest, { signal }: CallOptions = {}): Promise<WebhookEndpoint> {
    const init = { params: { path: { id } }, body, ...this.sending({ signal }) };
    return answer(await this.api.PATCH('/v1/webhook-endpoints/{id}', init));
  }

  /** What is still to be delivered to it fails. */
  async remove(id: string, { signal }: CallOptions = {}): Promise<void> {
    const init = { params: { path: { id } }, ...this.sending({ signal }) };
    const { error, response } = await this.api.DELETE('/v1/webhook-endpoints/{id}', init);
    if (!response.ok) throw new LonghaulApiError(response, error);
  }

  /**
   * With the new `secret`, which is shown this once; the old one signs too for a day, or `overlap_s`. Sent once: when it
   * throws `LonghaulConnectionError`, look with `get` whether `previous_secret_until` has moved. If so the old one signs
   * until then, and no longer once you ask again.
   */
  async rotateSecret(
    id: string,
    body: RotateSecretRequest = {},
    { signal }: CallOptions = {},
  ): Promise<WebhookEndpointWithSecret> {
    const init = { params: { path: { id } }, body, ...this.sending({ signal, ...ONCE }) };
    return answer(await this.api.POST('/v1/webhook-endpoints/{id}/rotate-secret', init));
  }

  /** Has a `webhook.test` sent to it: `deliveries.get` tells what became of it. */
  async test(id: string, { signal }: CallOptions = {}): Promise<DeliveryOrdered> {
    const params = { path: { id } };
    return answer(await this.api.POST('/v1/webhook-endpoints/{id}/test', { params, ...this.sending({ signal }) }));
  }

  /** What calls to your `callback_url`s are signed with; `operator`: those that gateway.yaml and AGENT.md name, for keys of scope `admin`. */
  async callbackSecret(of: 'own' | 'operator' = 'own', { signal }: CallOptions = {}): Promise<string> {
    const params = { query: of === 'operator' ? ({ for: 'operator' } as const) : {} };
    const { secret } = answer(await this.api.GET('/v1/callback-secret', { params, ...this.sending({ signal }) }));
    return secret;
  }
}
