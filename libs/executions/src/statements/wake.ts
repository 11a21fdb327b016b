import type { Database } from '@longhaul/database';
import { newId } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import { TRANSITIONS } from '../lifecycle/transitions';
import { NOBODY, type TransitionParticipants } from '../transition-participant';
import { insertEvents } from './event-rows';
import { STATUS_BY_ID, toExecution } from './execution-row';
import { byId } from './fence';
import { momentOf } from './moment';
import { RING_PATIENCE_MS } from './submit';
import { MAY_WAKE } from './waits';

/** Something of what it waits for is there. */
const READY = `EXISTS
  (SELECT 1 FROM waits WHERE waits.execution_id = executions.id AND waits.consumed_at IS NULL AND ${MAY_WAKE})`;

/**
 * Row 9 of the state machine: of these, those that wait and for which something has come go back to the queue, at no
 * cost to their attempts. Idempotent, and to be run after the commit of whatever may have come: of the park, too. Answers the
 * executions that were woken.
 */
export async function wakeReady(
  database: Database,
  executionIds: string[],
  participants: TransitionParticipants = NOBODY,
): Promise<Execution[]> {
  const { dialect } = database;
  const asked = [...new Set(executionIds)].map((id) => ({ id }));
  const ids = dialect.recordset('x', { id: 'text' }, '$1');
  const [any] = await database.read(
    `SELECT 1 FROM ${ids} JOIN executions ON executions.id = x.id WHERE ${STATUS_BY_ID} = 'waiting' AND ${READY} LIMIT 1`,
    [JSON.stringify(asked)],
  );
  if (!any) return [];
  const given = byId(asked.map(({ id }) => ({ id, job_id: newId('job'), run_id: newId('run') })));
  return database.write(function* () {
    const rows = yield {
      sql: `UPDATE executions
            SET status = 'queued', job_id = x.job_id, run_id = x.run_id, counts_attempt = false, waiting_for = NULL,
                due_at = ${dialect.now}, ring_after = ${dialect.now} + ${RING_PATIENCE_MS}, next_seq = next_seq + 1
            FROM ${dialect.recordset('x', { id: 'text', job_id: 'text', run_id: 'text' }, '$1')}
            WHERE executions.id = x.id AND ${STATUS_BY_ID} = 'waiting' AND ${READY}
            RETURNING ${dialect.returning('executions')}`,
      params: [JSON.stringify(given)],
    };
    const executions = rows.map(toExecution);
    if (executions.length === 0) return [];
    yield insertEvents(
      dialect,
      executions.map(({ id, nextSeq }) => ({
        executionId: id,
        seq: nextSeq - 1,
        type: TRANSITIONS.wake.event,
        runId: null,
        data: { reason: 'woken' },
      })),
    );
    yield* participants.write(
      dialect,
      executions.map((execution) => ({ transition: 'wake' as const, execution })),
    );
    return executions;
  });
}

/** Ends what has waited for a moment, or for something that did not come in its time; but approvals, which are told of it. */
export async function endLateWaits(database: Database, limit: number): Promise<string[]> {
  const { dialect } = database;
  const late = `consumed_at IS NULL AND resolved_at IS NULL AND kind <> 'approval' AND wake_at <= ${momentOf(dialect)}`;
  const [any] = await database.read(`SELECT 1 FROM waits WHERE ${late} LIMIT 1`);
  if (!any) return [];
  const rows = await database.run(
    `UPDATE waits SET resolved_at = ${dialect.now}
     WHERE id IN (SELECT id FROM waits WHERE ${late} ORDER BY wake_at LIMIT $1 ${dialect.skipLocked})
     RETURNING execution_id`,
    [limit],
  );
  return [...new Set(rows.map((row) => row.execution_id as string))];
}

/** Approvals whose time is over, for whoever ends them. */
export async function lateApprovals(database: Database, limit: number): Promise<{ id: string; owner: string }[]> {
  const rows = await database.read(
    `SELECT id, owner FROM waits
     WHERE consumed_at IS NULL AND resolved_at IS NULL AND kind = 'approval' AND wake_at <= ${momentOf(database.dialect)}
       AND EXISTS (SELECT 1 FROM executions e WHERE e.id = waits.execution_id AND e.completed_at IS NULL)
     ORDER BY wake_at LIMIT $1`,
    [limit],
  );
  return rows.map((row) => ({ id: row.id as string, owner: row.owner as string }));
}

/** Executions that wait although something has come for them, but for a child's end: whoever should have woken them has not. */
export async function findReady(database: Database, limit: number): Promise<string[]> {
  const rows = await database.read(
    `SELECT DISTINCT w.execution_id FROM waits w JOIN executions ON executions.id = w.execution_id
     WHERE w.consumed_at IS NULL AND w.resolved_at IS NOT NULL AND ${STATUS_BY_ID} = 'waiting' LIMIT $1`,
    [limit],
  );
  return rows.map((row) => row.execution_id as string);
}
