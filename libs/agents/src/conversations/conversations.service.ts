import { Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { type Conversation, ConversationsReader, conversationNotFound, deleteConversation } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import type { Message } from './message.entity';

/** At most so many turns are answered at once. */
const TURNS_PAGE = 500;

/** An execution as a part of its conversation. */
export interface Turn {
  owner: string;
  conversationId: string;
  turn: number;
  executionId: string;
}

/** Conversations, each on behalf of one owner: what is somebody else's is not there. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly database: Database,
    private readonly reader: ConversationsReader,
  ) {}

  /** Newest first; `before` is the id of the last one seen; `agent` is the one that the first message was for. */
  list(owner: string, filter: { agent?: string }, limit: number, before?: string): Promise<Conversation[]> {
    return this.reader.list(owner, filter.agent === undefined ? {} : { target: filter.agent }, limit, before);
  }

  /** Throws `not_found`. */
  get(id: string, owner: string): Promise<Conversation> {
    return this.reader.get(id, owner);
  }

  /** Messages with a `seq` greater than `after`, in order. Throws `not_found`. */
  async messagesAfter(id: string, owner: string, after: number, limit: number): Promise<Message[]> {
    await this.reader.get(id, owner);
    const rows = await this.database.read(
      `SELECT seq, role, text, execution_id, at FROM messages
       WHERE owner = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4`,
      [owner, id, after, limit],
    );
    return rows.map((row) => ({
      owner,
      conversationId: id,
      seq: Number(row.seq),
      role: row.role as Message['role'],
      text: row.text as string,
      executionId: row.execution_id as string,
      at: Number(row.at),
    }));
  }

  /**
   * For each of these conversations its turns after that one, in order; not all of them where there are many. Whose they
   * are was asked before. The order of turns is that of their commits: none comes later with a smaller number.
   */
  async turnsAfter(asked: readonly Omit<Turn, 'executionId'>[]): Promise<Turn[]> {
    const columns = { owner: 'text', conversation_id: 'text', turn: 'bigint' } as const;
    const rows = await this.database.read(
      `SELECT DISTINCT m.owner, m.conversation_id, m.seq, m.execution_id
       FROM ${this.database.dialect.recordset('x', columns, '$1')}
       JOIN messages m ON m.owner = x.owner AND m.conversation_id = x.conversation_id AND m.seq > 2 * x.turn
       WHERE m.role = 'user' ORDER BY m.seq LIMIT ${TURNS_PAGE}`,
      [
        JSON.stringify(
          asked.map(({ owner, conversationId, turn }) => ({ owner, conversation_id: conversationId, turn })),
        ),
      ],
    );
    return rows.map((row) => ({
      owner: row.owner as string,
      conversationId: row.conversation_id as string,
      turn: (Number(row.seq) + 1) / 2,
      executionId: row.execution_id as string,
    }));
  }

  /**
   * With its messages, for ever; its executions stay. Throws `not_found`, or `conversation_busy` while a turn of it is
   * not over: whoever deletes must not learn later that something was still said.
   */
  async delete(id: string, owner: string): Promise<void> {
    const outcome = await this.database.write(function* () {
      const deletion = yield* deleteConversation(id, owner);
      if (deletion.kind === 'deleted') {
        yield {
          sql: 'DELETE FROM messages WHERE owner = $1 AND conversation_id = $2',
          params: [owner, id],
          silent: true,
        };
      }
      return deletion;
    });
    if (outcome.kind === 'absent') throw conversationNotFound(id);
    if (outcome.kind === 'busy') throw busy(outcome);
  }
}

function busy({ executionId, status }: { executionId: string; status: string }): LonghaulError {
  return new LonghaulError(
    'conversation_busy',
    `a turn of the conversation is ${status}: wait for ${executionId} to end, or cancel it, and delete again`,
    { retryable: true, details: { execution_id: executionId } },
  );
}
