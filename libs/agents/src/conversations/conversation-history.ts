import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import type { ExecutionContext } from '@longhaul/executions';
import { AGENTS_OPTIONS, type AgentsModuleOptions, type HistoryWindow } from '../agents-options';

/** One turn's half, as a model is given it. */
export interface ConversationMessage {
  role: 'user' | 'assistant';
  text: string;
}

const DEFAULT_WINDOW: HistoryWindow = { messages: 40, chars: 60_000 };

/** What was said before in an execution's conversation, as much of it as the model is to be sent. */
@Injectable()
export class ConversationHistory {
  private readonly window: HistoryWindow;

  constructor(
    private readonly database: Database,
    @Inject(AGENTS_OPTIONS) { history = DEFAULT_WINDOW }: AgentsModuleOptions,
  ) {
    this.window = history;
  }

  /**
   * Oldest first, without the message that this execution is asked; empty for an invoke. Always question and answer, in
   * turns: a question that got no answer (its turn failed or was cancelled) is left out, or the model would take it for
   * a part of the next one.
   */
  async before({ executionId, conversationId, turn }: ExecutionContext): Promise<ConversationMessage[]> {
    const turns = Math.floor(this.window.messages / 2);
    if ((turn ?? 1) < 2 || turns === 0) return [];
    // The sum stops the look where the window ends: an answer may have megabytes, and is not read to be dropped.
    const rows = await this.database.read(
      `SELECT question, answer FROM (
         SELECT asked.text AS question, answered.text AS answer, answered.seq AS seq,
                sum(length(asked.text) + length(answered.text)) OVER (ORDER BY answered.seq DESC) AS so_far
         FROM messages answered
         JOIN messages asked ON asked.owner = answered.owner AND asked.conversation_id = answered.conversation_id
           AND asked.seq = answered.seq - 1
         WHERE answered.owner = (SELECT owner FROM executions WHERE id = $1) AND answered.conversation_id = $2
           AND answered.seq < $3 AND answered.role = 'assistant'
         ORDER BY answered.seq DESC LIMIT $4) AS latest
       WHERE so_far <= $5 ORDER BY seq DESC`,
      [executionId, conversationId, 2 * (turn ?? 1) - 1, turns, this.window.chars],
    );
    const newestFirst = rows.map((row) => ({ question: row.question as string, answer: row.answer as string }));
    return this.fitting(newestFirst)
      .toReversed()
      .flatMap(({ question, answer }) => [
        { role: 'user' as const, text: question },
        { role: 'assistant' as const, text: answer },
      ]);
  }

  private fitting<T extends { question: string; answer: string }>(newestFirst: T[]): T[] {
    let left = this.window.chars;
    const tooMuch = newestFirst.findIndex(({ question, answer }) => (left -= question.length + answer.length) < 0);
    return tooMuch === -1 ? newestFirst : newestFirst.slice(0, tooMuch);
  }
}
