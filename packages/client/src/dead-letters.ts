import type { Client } from 'openapi-fetch';
import { answer } from './answer.ts';
import type { paths } from './openapi.ts';
import type { Sending } from './sending.ts';
import type {
  CallOptions,
  DeadLetterDetail,
  DeadLetterFilter,
  DeadLetterGroupList,
  DeadLetterList,
  Discarded,
  DiscardRequest,
  GroupFilter,
  RedriveRequest,
  Redriven,
} from './types.ts';

/** `client.deadLetters`: failed executions that somebody has to look after. */
export class DeadLetters {
  constructor(
    private readonly api: Client<paths>,
    private readonly sending: Sending,
  ) {}

  /** One page, the latest failure first; `next_cursor` is the next one's `cursor`. */
  async list(query: DeadLetterFilter = {}, { signal }: CallOptions = {}): Promise<DeadLetterList> {
    return answer(await this.api.GET('/v1/dead-letters', { params: { query }, ...this.sending({ signal }) }));
  }

  /** One page of what is open, by cause. */
  async groups(query: GroupFilter = {}, { signal }: CallOptions = {}): Promise<DeadLetterGroupList> {
    return answer(await this.api.GET('/v1/dead-letters/groups', { params: { query }, ...this.sending({ signal }) }));
  }

  /** With the input of its execution, its last error and its runs. */
  async get(executionId: string, { signal }: CallOptions = {}): Promise<DeadLetterDetail> {
    const params = { path: { id: executionId } };
    return answer(await this.api.GET('/v1/dead-letters/{id}', { params, ...this.sending({ signal }) }));
  }

  /**
   * Has them tried anew, each as a new execution, at most 1,000 in one call: go on with `next_cursor` until it is null.
   * Asked twice, nothing is redriven twice.
   */
  async redrive(body: RedriveRequest, { signal }: CallOptions = {}): Promise<Redriven> {
    return answer(await this.api.POST('/v1/dead-letters/redrive', { body, ...this.sending({ signal }) }));
  }

  /** Gives them up, at most 1,000 in one call: go on with `next_cursor` until it is null. */
  async discard(body: DiscardRequest, { signal }: CallOptions = {}): Promise<Discarded> {
    return answer(await this.api.POST('/v1/dead-letters/discard', { body, ...this.sending({ signal }) }));
  }
}
