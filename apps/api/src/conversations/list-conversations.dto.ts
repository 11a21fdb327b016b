import { NumberParameter, TextField } from '../validation/fields';

export class ListMessagesQuery {
  @TextField({ description: '`next_cursor` of the page before.', max: 256 })
  cursor?: string;

  @NumberParameter({ description: 'Items of one page; 20 when absent.', min: 1, max: 100, integer: true })
  limit?: string;
}

export class ListConversationsQuery extends ListMessagesQuery {
  @TextField({ description: 'The id of the agent that the first message was for.', max: 63 })
  agent?: string;
}
