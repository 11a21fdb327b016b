import type { Database, Dialect, Write } from '@longhaul/database';
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
  /** The conversation's id was made for this execution: it is the first turn, and nobody is asked. */
  minted: boolean;
  target: string;
}

/**
 * Gives each execution the next place in its conversation, in the order given; a conversation that is not there begins.
 * The row lock makes the order of turns the order of commits, so whoever sees a turn sees all that are before it.
 */
export function* takeTurns(dialect: Dialect, requests: TurnRequest[]): Write<Map<string, number>> {
  const minted = requests.filter((request) => request.minted);
  const others = requests.filter((request) => !request.minted);
  const turns = new Map(minted.map(({ executionId }) => [executionId, 1]));
  if (minted.length > 0) {
    yield { sql: insertConversations(dialect), params: [JSON.stringify(linesOf(minted))], silent: true };
  }
  if (others.length === 0) return turns;
  const taken = yield {
    sql: `${insertConversations(dialect)}
          ON CONFLICT (owner, id) DO UPDATE
          SET turns = conversations.turns + excluded.turns, last_at = ${dialect.now}
          RETURNING owner, id, turns`,
    params: [JSON.stringify(linesOf(others))],
  };
  const next = new Map(taken.map((row) => [nameOf(row.owner, row.id), Number(row.turns)]));
  // From the end: the last one in a line has the number that was answered.
  for (const { executionId, owner, conversationId } of others.toReversed()) {
    const name = nameOf(owner, conversationId);
    const turn = next.get(name) ?? 0;
    turns.set(executionId, turn);
    next.set(name, turn - 1);
  }
  return turns;
}

const nameOf = (owner: unknown, id: unknown) => JSON.stringify([owner, id]);

/** One row a conversation, with how many turns it gets; one order for everyone, so that no two batches lock in a circle. */
function linesOf(requests: TurnRequest[]) {
  const lines = new Map<string, { owner: string; id: string; target: string; turns: number }>();
  for (const { owner, conversationId: id, target } of requests) {
    const line = lines.get(nameOf(owner, id)) ?? { owner, id, target, turns: 0 };
    lines.set(nameOf(owner, id), { ...line, turns: line.turns + 1 });
  }
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

function insertConversations({ now, recordset }: Dialect): string {
  const columns = { owner: 'text', id: 'text', target: 'text', turns: 'bigint' } as const;
  return `INSERT INTO conversations (owner, id, target, created_at, last_at, turns)
          SELECT x.owner, x.id, x.target, ${now}, ${now}, x.turns FROM ${recordset('x', columns, '$1')} WHERE true`;
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
