import type { Database, Write } from '@longhaul/database';
import type { Execution } from '../entities/execution.entity';
import { STATUS_BY_ID } from './execution-row';
import { type Ring, toRing } from './ring';

/**
 * Whether an earlier turn of its conversation is not over yet: queued (also for a retry, or for later), running or
 * waiting. What is no turn, or the first one, is known to be free by its own row.
 */
export const BEHIND_ANOTHER_TURN = `(coalesce(executions.turn, 1) > 1 AND EXISTS
  (SELECT 1 FROM executions earlier
   WHERE earlier.conversation_id = executions.conversation_id AND earlier.turn < executions.turn
     AND earlier.turn IS NOT NULL AND earlier.completed_at IS NULL AND earlier.owner = executions.owner))`;

export interface TurnRequest {
  executionId: string;
  owner: string;
  conversationId: string;
  target: string;
}

/**
 * Gives each execution the next place in its conversation, in the order given; a conversation that is not there begins.
 * The row lock makes the order of turns the order of commits, so whoever sees a turn sees all that are before it.
 */
export function* takeTurns({ dialect }: Database, requests: TurnRequest[]): Write<Map<string, number>> {
  const nameOf = (owner: unknown, id: unknown) => JSON.stringify([owner, id]);
  const lines = Map.groupBy(requests, ({ owner, conversationId }) => nameOf(owner, conversationId));
  // One order for everyone: two batches that share conversations must not wait for each other.
  const rows = [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]) =>
      first ? [{ owner: first.owner, id: first.conversationId, target: first.target, turns: others.length + 1 }] : [],
    );
  const taken = yield {
    sql: `INSERT INTO conversations (owner, id, target, created_at, last_at, turns)
          SELECT x.owner, x.id, x.target, ${dialect.now}, ${dialect.now}, x.turns
          FROM ${dialect.recordset('x', { owner: 'text', id: 'text', target: 'text', turns: 'bigint' }, '$1')} WHERE true
          ON CONFLICT (owner, id) DO UPDATE
          SET turns = conversations.turns + excluded.turns, last_at = ${dialect.now}
          RETURNING owner, id, turns`,
    params: [JSON.stringify(rows)],
  };
  const turns = new Map<string, number>();
  for (const row of taken) {
    const line = lines.get(nameOf(row.owner, row.id)) ?? [];
    line.forEach(({ executionId }, index) => turns.set(executionId, Number(row.turns) - line.length + index + 1));
  }
  return turns;
}

/** Those that the end of these turns lets go: for each the first that is left in its line, if it is due. */
export async function nextTurns(database: Database, ended: Execution[]): Promise<Ring[]> {
  const { dialect } = database;
  const x = dialect.recordset('x', { owner: 'text', conversation_id: 'text', turn: 'bigint' }, '$1');
  const rows = await database.read(
    `SELECT executions.id, executions.job_id, executions.queue, executions.priority
     FROM ${x} JOIN executions ON executions.id =
       (SELECT head.id FROM executions head
        WHERE head.conversation_id = x.conversation_id AND head.turn IS NOT NULL AND head.completed_at IS NULL
          AND head.owner = x.owner
        ORDER BY head.turn LIMIT 1)
     WHERE executions.turn > x.turn AND ${STATUS_BY_ID} = 'queued' AND executions.due_at <= ${dialect.now}`,
    [
      JSON.stringify(
        ended.map(({ owner, conversationId, turn }) => ({ owner, conversation_id: conversationId, turn })),
      ),
    ],
  );
  return [...new Map(rows.map((row) => [row.id, toRing(row)])).values()];
}
