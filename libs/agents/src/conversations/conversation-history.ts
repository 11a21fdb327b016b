import { Injectable } from '@nestjs/common';
import type { ExecutionContext } from '@longhaul/executions';

/** One turn's half, as a model is given it. */
export interface ConversationMessage {
  role: 'user' | 'assistant';
  text: string;
}

/** What was said before in an execution's conversation, as much of it as the model is to be sent. */
@Injectable()
export class ConversationHistory {
  /** Oldest first, without the message that this execution is asked; empty for an invoke. */
  before(_context: ExecutionContext): Promise<ConversationMessage[]> {
    return Promise.resolve([]);
  }
}
