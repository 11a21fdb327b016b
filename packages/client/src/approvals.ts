import type { Client } from 'openapi-fetch';
import { answer } from './answer.ts';
import type { paths } from './openapi.ts';
import type { Sending } from './sending.ts';
import type {
  Approval,
  ApprovalFilter,
  ApprovalList,
  CallOptions,
  DecisionRequest,
  EventDelivered,
  SendEventRequest,
} from './types.ts';

/** `client.approvals`: what executions wait for from outside: the word of a person, or an event. */
export class Approvals {
  constructor(
    private readonly api: Client<paths>,
    private readonly sending: Sending,
  ) {}

  /** One page, newest first; `next_cursor` is the next one's `cursor`. */
  async list(query: ApprovalFilter = {}, { signal }: CallOptions = {}): Promise<ApprovalList> {
    return answer(await this.api.GET('/v1/approvals', { params: { query }, ...this.sending({ signal }) }));
  }

  /** With the exact arguments. */
  async get(id: string, { signal }: CallOptions = {}): Promise<Approval> {
    const params = { path: { id } };
    return answer(await this.api.GET('/v1/approvals/{id}', { params, ...this.sending({ signal }) }));
  }

  /**
   * Once. Throws 409 `already_decided` with who decided and when, `approval_over` when it expired or nobody asks any
   * more, and 422 for arguments that do not fit. A call that lost its answer is tried again, and may so hear of itself.
   */
  async decide(id: string, body: DecisionRequest, { signal }: CallOptions = {}): Promise<Approval> {
    const params = { path: { id } };
    return answer(await this.api.POST('/v1/approvals/{id}/decision', { params, body, ...this.sending({ signal }) }));
  }

  /** Tells the executions that wait for it that something has happened; their ids. Nobody waits: it is not kept. */
  async sendEvent(body: SendEventRequest, { signal }: CallOptions = {}): Promise<EventDelivered> {
    return answer(await this.api.POST('/v1/events', { body, ...this.sending({ signal }) }));
  }
}
