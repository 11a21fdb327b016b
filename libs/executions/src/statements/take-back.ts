import type { Database } from '@longhaul/database';
import { type Failure, newId, toJsonText } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import { MAX_INTERRUPTIONS, TRANSITIONS } from '../lifecycle/transitions';
import { NOBODY, type TransitionChange, type TransitionParticipants } from '../transition-participant';
import { closeRuns } from './end-run';
import { type EventRow, insertEvents } from './event-rows';
import { toExecution } from './execution-row';
import { RING_PATIENCE_MS } from './submit';

const LOST: Failure = {
  code: 'worker_lost',
  message: `its worker was lost ${MAX_INTERRUPTIONS} times in a row while it ran; see its runs for which and when`,
  retryable: false,
};

/**
 * Row 13 of the state machine: executions that run under a lease that has ended go back to the queue, at no cost to
 * their attempts; or end, if a cancel was asked for or this has happened too often. Oldest first, at most `limit`.
 * Answers the executions as they now stand. One that a participant's rows keep from it is told to `onRefused` and stays
 * for the next time; it holds up nobody else.
 */
export async function takeBack(
  database: Database,
  limit: number,
  participants: TransitionParticipants = NOBODY,
  onRefused: (executionId: string, error: unknown) => void = () => undefined,
): Promise<Execution[]> {
  try {
    return await takeBackMany(database, limit, participants);
  } catch (error) {
    if (!database.isRefusal(error)) throw error;
  }
  const taken: Execution[] = [];
  const orphans = await database.read(
    `SELECT id FROM executions WHERE status = 'running' AND ${WITHOUT_LEASE} ORDER BY id LIMIT $1`,
    [limit],
  );
  for (const { id } of orphans) {
    try {
      taken.push(...(await takeBackMany(database, 1, participants, id as string)));
    } catch (error) {
      if (!database.isRefusal(error)) throw error;
      onRefused(id as string, error);
    }
  }
  return taken;
}

const WITHOUT_LEASE = `NOT EXISTS
  (SELECT 1 FROM workers w WHERE w.id = executions.worker_id AND w.ended_at IS NULL)`;

/** All, or the one of this id. */
async function takeBackMany(
  database: Database,
  limit: number,
  participants: TransitionParticipants,
  only = '',
): Promise<Execution[]> {
  const { dialect } = database;
  const back = `(cancel_requested_at IS NULL AND interruptions + 1 < ${MAX_INTERRUPTIONS})`;
  return database.write(function* () {
    const orphans = yield {
      sql: `SELECT id, run_id, epoch FROM executions
            WHERE status = 'running' AND ${WITHOUT_LEASE} AND ($2 = '' OR id = $2)
            ORDER BY id LIMIT $1 ${dialect.skipLocked}`,
      params: [limit, only],
    };
    if (orphans.length === 0) return [];
    const lostRun = new Map(orphans.map((row) => [row.id as string, row.run_id as string]));
    const rows = yield {
      sql: `UPDATE executions
            SET status = CASE WHEN ${back} THEN 'queued' WHEN cancel_requested_at IS NULL THEN 'failed'
                              ELSE 'cancelled' END,
                error = CASE WHEN cancel_requested_at IS NULL AND NOT ${back} THEN x.error ELSE executions.error END,
                completed_at = CASE WHEN ${back} THEN NULL ELSE ${dialect.now} END,
                interruptions = interruptions + 1, counts_attempt = false, worker_id = NULL,
                job_id = CASE WHEN ${back} THEN x.job_id ELSE executions.job_id END,
                run_id = CASE WHEN ${back} THEN x.next_run_id ELSE executions.run_id END,
                due_at = ${dialect.now}, ring_after = ${dialect.now} + ${RING_PATIENCE_MS}, next_seq = next_seq + 1
            FROM ${dialect.recordset('x', { id: 'text', epoch: 'bigint', job_id: 'text', next_run_id: 'text', error: 'json' }, '$1')}
            WHERE executions.id = x.id AND executions.epoch = x.epoch AND status = 'running'
            RETURNING ${dialect.returning('executions')}`,
      params: [
        toJsonText(
          orphans.map(({ id, epoch }) => ({ id, epoch, job_id: newId('job'), next_run_id: newId('run'), error: LOST })),
        ),
      ],
    };
    const executions = rows.map(toExecution);
    const facts = executions.map((execution) => factOf(execution, lostRun.get(execution.id) ?? ''));
    yield insertEvents(dialect, facts);
    yield closeRuns(
      database,
      [...lostRun.values()].map((runId) => ({ runId, outcome: 'lost' as const, error: null })),
    );
    const changes = executions.map((execution) => ({ transition: transitionTo(execution), execution }));
    yield* participants.write(dialect, changes);
    return executions;
  });
}

function transitionTo({ status }: Execution): TransitionChange['transition'] {
  if (status === 'cancelled') return 'loseLeaseWhileCancelling';
  return status === 'failed' ? 'loseLeaseTooOften' : 'loseLease';
}

function factOf(execution: Execution, runId: string): EventRow {
  const { id: executionId, nextSeq, status, interruptions } = execution;
  const base = { executionId, seq: nextSeq - 1, runId, type: TRANSITIONS[transitionTo(execution)].event };
  if (status === 'cancelled') return { ...base, data: {} };
  if (status === 'failed') return { ...base, data: { error: { ...LOST } } };
  return { ...base, data: { reason: 'worker_lost', interruptions } };
}
