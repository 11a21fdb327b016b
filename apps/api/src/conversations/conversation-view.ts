import type { Message } from '@longhaul/agents';
import type { Conversation } from '@longhaul/executions';

export function conversationView({ id, target, createdAt, lastAt, turns }: Conversation) {
  return {
    conversation_id: id,
    agent: target,
    turns,
    created_at: new Date(createdAt).toISOString(),
    last_at: new Date(lastAt).toISOString(),
  };
}

export function messageView({ seq, role, text, executionId, at }: Message) {
  return { seq, role, text, execution_id: executionId, at: new Date(at).toISOString() };
}
