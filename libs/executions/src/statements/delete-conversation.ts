import type { Write } from '@longhaul/database';

/** `busy`: this turn of it is not over, and nothing was done. */
export type Deletion = { kind: 'deleted' } | { kind: 'absent' } | { kind: 'busy'; executionId: string; status: string };

/**
 * Takes away the line of a conversation; for the transaction of whoever keeps what was said in it. Its executions stay.
 * No turn can come in between: whoever takes a place waits for the row that is locked here.
 */
export function* deleteConversation(id: string, owner: string): Write<Deletion> {
  const [line] = yield {
    sql: 'UPDATE conversations SET last_at = last_at WHERE owner = $1 AND id = $2 RETURNING id',
    params: [owner, id],
  };
  if (!line) return { kind: 'absent' };
  const [live] = yield {
    sql: `SELECT id, status FROM executions
          WHERE conversation_id = $2 AND turn IS NOT NULL AND completed_at IS NULL AND owner = $1 ORDER BY turn LIMIT 1`,
    params: [owner, id],
  };
  if (live) return { kind: 'busy', executionId: live.id as string, status: live.status as string };
  yield { sql: 'DELETE FROM conversations WHERE owner = $1 AND id = $2', params: [owner, id], silent: true };
  return { kind: 'deleted' };
}
