import type { Database } from '@longhaul/database';
import { toJsonText } from '@longhaul/kernel';
import type { FinalAnswer, RemoteAnswer } from './remote-answer';

/** What became of a callback. */
export type AnswerOutcome =
  | { kind: 'stored' }
  /** The same was said before. */
  | { kind: 'repeated' }
  /** Something else was said before, and stands. */
  | { kind: 'answered' }
  /** Nobody waits for it: the reason, for people. */
  | { kind: 'late'; reason: string }
  | { kind: 'never_asked'; lastAttempt: number };

/**
 * Stores what a remote agent says, in one conditional statement: only while the execution is live and not being
 * cancelled. A result is taken whichever attempt it is of, since all attempts at an execution are the same request;
 * progress and a failure only of the attempt that is under way (also while its worker has been lost).
 */
export async function storeAnswer(
  database: Database,
  executionId: string,
  attempt: number,
  answer: RemoteAnswer,
): Promise<AnswerOutcome> {
  const { dialect } = database;
  const x = dialect.recordset('x', { id: 'text', attempt: 'bigint', status: 'text', answer: 'json' }, '$1');
  const stored = await database.run(
    `INSERT INTO remote_answers (execution_id, attempt, status, answer, at)
     SELECT e.id, x.attempt, x.status, x.answer, ${dialect.now} FROM ${x} JOIN executions e ON e.id = x.id
     WHERE e.status IN ('queued', 'running') AND e.cancel_requested_at IS NULL AND x.attempt BETWEEN 1 AND e.attempt
       AND (x.status = 'completed' OR (x.attempt = e.attempt AND NOT (e.status = 'queued' AND e.counts_attempt)))
       AND NOT EXISTS (SELECT 1 FROM remote_answers a WHERE a.execution_id = e.id AND a.status = 'completed')
     ON CONFLICT (execution_id, attempt) DO UPDATE
     SET status = excluded.status, answer = excluded.answer, at = excluded.at
     WHERE remote_answers.status = 'running'
     RETURNING attempt`,
    [toJsonText([{ id: executionId, attempt, status: answer.status, answer }])],
  );
  return stored.length > 0 ? { kind: 'stored' } : whyNot(database, executionId, attempt, answer);
}

async function whyNot(database: Database, id: string, attempt: number, answer: RemoteAnswer): Promise<AnswerOutcome> {
  const said = await database.read('SELECT attempt, status, answer FROM remote_answers WHERE execution_id = $1', [id]);
  const text = toJsonText(answer);
  if (said.some((row) => Number(row.attempt) === attempt && toJsonText(JSON.parse(row.answer as string)) === text)) {
    return { kind: 'repeated' };
  }
  const [execution] = await database.read('SELECT status, attempt, cancel_requested_at FROM executions WHERE id = $1', [
    id,
  ]);
  const lastAttempt = Number(execution?.attempt ?? 0);
  if (attempt > lastAttempt) return { kind: 'never_asked', lastAttempt };
  const stands = (row: { attempt?: unknown; status?: unknown }) =>
    row.status === 'completed' || (row.status === 'failed' && Number(row.attempt) === attempt);
  if (said.some(stands)) return { kind: 'answered' };
  if (execution?.status !== 'queued' && execution?.status !== 'running') {
    return { kind: 'late', reason: `the execution has ended: ${String(execution?.status)}` };
  }
  if (execution.cancel_requested_at !== null) return { kind: 'late', reason: 'the execution is being cancelled' };
  return { kind: 'late', reason: `attempt ${attempt} is over` };
}

export interface Asked {
  executionId: string;
  attempt: number;
}

export interface StoredAnswer extends Asked {
  answer: RemoteAnswer;
  /** Changes with each thing said. */
  at: number;
}

/** The latest that was said to each of these: its result if there is one, else what was said of that attempt. */
export async function findAnswers(database: Database, asked: Asked[]): Promise<StoredAnswer[]> {
  const x = database.dialect.recordset('x', { id: 'text', attempt: 'bigint' }, '$1');
  const rows = await database.read(
    `SELECT x.id AS id, x.attempt AS attempt, a.answer AS answer, a.at AS at
     FROM ${x} JOIN remote_answers a ON a.execution_id = x.id
     WHERE a.status = 'completed' OR a.attempt = x.attempt
     ORDER BY CASE WHEN a.status = 'completed' THEN 1 ELSE 0 END`,
    [JSON.stringify(asked.map(({ executionId: id, attempt }) => ({ id, attempt })))],
  );
  const latest = new Map<string, StoredAnswer>();
  for (const row of rows) {
    const executionId = row.id as string;
    const answer = JSON.parse(row.answer as string) as RemoteAnswer;
    latest.set(executionId, { executionId, attempt: Number(row.attempt), answer, at: Number(row.at) });
  }
  return [...latest.values()];
}

export function isFinal(answer: RemoteAnswer): answer is FinalAnswer {
  return answer.status !== 'running';
}
