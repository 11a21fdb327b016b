import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Dialect, Write } from '@longhaul/database';
import { deletion, type Forgotten, Retention, RetentionParticipant } from '@longhaul/executions';

/**
 * What was said stays as long as its conversation, which goes with the last of its turns: an agent that is asked every
 * day does not forget how it began. What remote agents answered goes with the execution.
 */
@Injectable()
export class ConversationRetention extends RetentionParticipant implements OnModuleInit {
  constructor(private readonly retention: Retention) {
    super();
  }

  onModuleInit(): void {
    this.retention.register(this);
  }

  override *forget(dialect: Dialect, { executionIds, conversations }: Forgotten): Write<void> {
    yield deletion(dialect, 'remote_answers', 'execution_id', executionIds);
    if (conversations.length === 0) return;
    const these = dialect.recordset('x', { owner: 'text', id: 'text' }, '$1');
    yield {
      sql: `DELETE FROM messages WHERE (owner, conversation_id) IN (SELECT x.owner, x.id FROM ${these})`,
      params: [JSON.stringify(conversations)],
      silent: true,
    };
  }
}
