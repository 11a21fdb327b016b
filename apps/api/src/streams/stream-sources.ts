import { Injectable } from '@nestjs/common';
import { ConversationsReader, EventFeed, EventLog, ExecutionsReader } from '@longhaul/executions';
import { ConversationFeed } from './conversation-feed';

/** What a connection's subscriptions are served from. */
@Injectable()
export class StreamSources {
  constructor(
    readonly executions: ExecutionsReader,
    readonly conversations: ConversationsReader,
    readonly events: EventFeed,
    readonly log: EventLog,
    readonly turns: ConversationFeed,
  ) {}
}
