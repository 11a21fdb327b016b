import type { Database, Dialect, Write } from '@longhaul/database';
import type { Met } from '../retention/id-walk';
import type { Forgotten, RetentionParticipant } from '../retention/retention-participant';
import { momentOf } from './moment';

const PAGE = 500;
const EVENTS = 2_000;

/** Rows as a set of ids, to be named in `IN (…)`. */
const idsIn = (dialect: Dialect) => `(SELECT x.id FROM ${dialect.recordset('x', { id: 'text' }, '$1')})`;
const idsOf = (ids: readonly string[]) => JSON.stringify(ids.map((id) => ({ id })));

const NO_OPEN_LETTER = `NOT EXISTS (SELECT 1 FROM dead_letters l WHERE l.execution_id = e.id AND l.handled_at IS NULL)`;

/** The end of a job goes back to the execution that has started it. */
const NO_LIVE_CHILD = `NOT EXISTS (SELECT 1 FROM executions child
  WHERE child.parent_id = e.id AND child.parent_id IS NOT NULL AND child.completed_at IS NULL)`;

/** That an execution `e` ended so long ago, and that nobody wants it any more. */
function isRipe(dialect: Dialect, participants: readonly RetentionParticipant[], kept: string): string {
  const keepers = participants.flatMap(({ keeps }) => (keeps === null ? [] : [`NOT (${keeps})`]));
  return [`e.completed_at < ${momentOf(dialect)} - ${kept}`, NO_OPEN_LETTER, NO_LIVE_CHILD, ...keepers].join(' AND ');
}

/** The executions after that id, and which of them may go. */
export function meetExecutions(
  database: Database,
  after: string,
  keptMs: number,
  participants: readonly RetentionParticipant[],
): Promise<Met[]> {
  return meet(database, after, keptMs, isRipe(database.dialect, participants, '$2'));
}

/** The executions after that id, and which of them have events that may go. */
export function meetEvents(database: Database, after: string, keptMs: number): Promise<Met[]> {
  const ripe = `e.completed_at < ${momentOf(database.dialect)} - $2
    AND EXISTS (SELECT 1 FROM events v WHERE v.execution_id = e.id)`;
  return meet(database, after, keptMs, ripe);
}

async function meet(database: Database, after: string, keptMs: number, ripe: string): Promise<Met[]> {
  const old = `e.created_at < ${momentOf(database.dialect)} - $2`;
  const rows = await database.read(
    `SELECT e.id AS id, CASE WHEN ${old} THEN 1 ELSE 0 END AS old, CASE WHEN ${old} AND ${ripe} THEN 1 ELSE 0 END AS ripe
     FROM executions e WHERE e.id > $1 ORDER BY e.id LIMIT ${PAGE}`,
    [after, keptMs],
  );
  return rows.map(({ id, old: isOld, ripe: is }) => ({
    id: id as string,
    isOld: Number(isOld) === 1,
    isRipe: Number(is) === 1,
  }));
}

/** Some of the events of these, the last ones first: that a log has no terminal event tells that it is gone. Whether there are more. */
export async function deleteSomeEvents(database: Database, executionIds: readonly string[]): Promise<boolean> {
  const rows = await database.run(
    `DELETE FROM events WHERE (execution_id, seq) IN (
       SELECT v.execution_id, v.seq FROM events v WHERE v.execution_id IN ${idsIn(database.dialect)}
       ORDER BY v.execution_id, v.seq DESC LIMIT ${EVENTS})
     RETURNING seq`,
    [idsOf(executionIds)],
  );
  return rows.length === EVENTS;
}

/** Those of these that still may go, with all that is theirs. */
export function deleteExecutions(
  database: Database,
  executionIds: readonly string[],
  keptMs: number,
  participants: readonly RetentionParticipant[],
): Promise<number> {
  const { dialect } = database;
  return database.write(function* () {
    const rows = yield {
      sql: `SELECT e.id AS id FROM executions e WHERE e.id IN ${idsIn(dialect)} AND ${isRipe(dialect, participants, '$2')}
            ORDER BY e.id ${dialect.skipLocked}`,
      params: [idsOf(executionIds), keptMs],
    };
    const gone = rows.map(({ id }) => id as string);
    if (gone.length === 0) return 0;
    const conversations = yield* deleteConversations(dialect, gone, keptMs);
    for (const participant of participants) yield* participant.forget(dialect, { executionIds: gone, conversations });
    for (const table of ['events', 'steps', 'step_values', 'waits', 'runs', 'dead_letters'])
      yield deletion(dialect, table, 'execution_id', gone);
    yield deletion(dialect, 'executions', 'id', gone);
    return gone.length;
  });
}

/** The conversations of these in which nothing was asked for as long, and nothing is under way: with their last turns they go. */
function* deleteConversations(
  dialect: Dialect,
  executionIds: readonly string[],
  keptMs: number,
): Write<Forgotten['conversations']> {
  const rows = yield {
    sql: `DELETE FROM conversations
          WHERE (owner, id) IN (SELECT e.owner, e.conversation_id FROM executions e
                                WHERE e.turn IS NOT NULL AND e.id IN ${idsIn(dialect)})
            AND last_at < ${momentOf(dialect)} - $2
            AND NOT EXISTS (SELECT 1 FROM executions t
                            WHERE t.conversation_id = conversations.id AND t.owner = conversations.owner
                              AND t.turn IS NOT NULL AND t.completed_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM executions job
                            WHERE job.conversation_id = conversations.id AND job.owner = conversations.owner
                              AND job.detached IS NOT NULL AND job.completed_at IS NULL)
          RETURNING owner, id`,
    params: [idsOf(executionIds), keptMs],
  };
  return rows.map(({ owner, id }) => ({ owner: owner as string, id: id as string }));
}

/** For participants too: what a table has of these. */
export function deletion(dialect: Dialect, table: string, column: string, ids: readonly string[]) {
  return {
    sql: `DELETE FROM ${table} WHERE ${column} IN ${idsIn(dialect)}`,
    params: [idsOf(ids)],
    silent: true as const,
  };
}
