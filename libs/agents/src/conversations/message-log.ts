import { Injectable } from '@nestjs/common';
import type { Dialect, Write } from '@longhaul/database';
import { type TransitionChange, TransitionParticipant } from '@longhaul/executions';
import { isJsonObject, type JsonValue, toJsonText } from '@longhaul/kernel';

/**
 * Keeps what is said in conversations: the user's message with the acceptance of its turn, the assistant's with the
 * turn's completion. A turn that fails or is cancelled leaves the question without an answer.
 */
@Injectable()
export class MessageLog extends TransitionParticipant {
  *write(dialect: Dialect, changes: readonly TransitionChange[]): Write<void> {
    const rows = changes.flatMap(messageRows);
    if (rows.length === 0) return;
    const columns = {
      owner: 'text',
      conversation_id: 'text',
      seq: 'bigint',
      role: 'text',
      text: 'text',
      execution_id: 'text',
    } as const;
    yield {
      silent: true,
      sql: `INSERT INTO messages (owner, conversation_id, seq, role, text, execution_id, at)
            SELECT x.owner, x.conversation_id, x.seq, x.role, x.text, x.execution_id, ${dialect.now}
            FROM ${dialect.recordset('x', columns, '$1')}`,
      params: [toJsonText(rows)],
    };
  }
}

function messageRows({ transition, execution }: TransitionChange) {
  const { turn, owner, conversationId: conversation_id, id: execution_id } = execution;
  if (turn === null || (transition !== 'submit' && transition !== 'complete')) return [];
  const row = { owner, conversation_id, execution_id };
  return transition === 'submit'
    ? [{ ...row, seq: 2 * turn - 1, role: 'user', text: textOf(execution.input, 'message') }]
    : [{ ...row, seq: 2 * turn, role: 'assistant', text: textOf(execution.output, 'text') }];
}

/** The text that it is, or has under this name; else what it is, as JSON. */
function textOf(value: JsonValue, name: string): string {
  if (typeof value === 'string') return value;
  const named = isJsonObject(value) ? value[name] : undefined;
  return typeof named === 'string' ? named : JSON.stringify(value);
}
