import type { Client } from 'openapi-fetch';
import { answer } from './answer.ts';
import { LonghaulApiError } from './errors.ts';
import type { paths } from './openapi.ts';
import type { Sending } from './sending.ts';
import type {
  CallOptions,
  Conversation,
  ConversationFilter,
  ConversationList,
  MessageList,
  PageQuery,
} from './types.ts';

/** `client.conversations`. */
export class Conversations {
  constructor(
    private readonly api: Client<paths>,
    private readonly sending: Sending,
  ) {}

  /** One page, newest first; `next_cursor` is the next one's `cursor`. */
  async list(query: ConversationFilter = {}, { signal }: CallOptions = {}): Promise<ConversationList> {
    return answer(await this.api.GET('/v1/conversations', { params: { query }, ...this.sending({ signal }) }));
  }

  async get(id: string, { signal }: CallOptions = {}): Promise<Conversation> {
    const params = { path: { id } };
    return answer(await this.api.GET('/v1/conversations/{id}', { params, ...this.sending({ signal }) }));
  }

  /** One page of what was said, oldest first. */
  async messages(id: string, query: PageQuery = {}, { signal }: CallOptions = {}): Promise<MessageList> {
    const params = { path: { id }, query };
    return answer(await this.api.GET('/v1/conversations/{id}/messages', { params, ...this.sending({ signal }) }));
  }

  /** With its messages; its executions stay. Throws 409 `conversation_busy` while a turn is not over. */
  async delete(id: string, { signal }: CallOptions = {}): Promise<void> {
    const params = { path: { id } };
    const { error, response } = await this.api.DELETE('/v1/conversations/{id}', {
      params,
      ...this.sending({ signal }),
    });
    if (!response.ok) throw new LonghaulApiError(response, error);
  }
}
