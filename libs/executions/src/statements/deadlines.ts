import type { Database, Dialect, Row } from '@longhaul/database';
import { type Failure, toJsonText } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import { deadlineExceeded } from '../lifecycle/deadline-exceeded';
import { type TransitionName, TRANSITIONS } from '../lifecycle/transitions';
import { NOBODY, type TransitionParticipants } from '../transition-participant';
import { closeRuns } from './end-run';
import { insertEvents } from './event-rows';
import { STATUS_BY_ID, toExecution } from './execution-row';
import { byId } from './fence';
import { momentOf } from './moment';

/** Whether an execution may still begin a run. */
export function beforeDeadline({ now }: Dialect): string {
  return `(deadline_at IS NULL OR deadline_at > ${now})`;
}

/** Nobody is at work on it: it may end at once. */
const IDLE = {
  running: false,
  is: (status: string) => `${status} IN ('queued', 'waiting')`,
} as const;
/** Its worker was to end it. One that was asked to cancel ends as cancelled, by its worker or when that is lost. */
const RUNNING = {
  running: true,
  is: (status: string) => `${status} = 'running' AND cancel_requested_at IS NULL`,
} as const;
type Kind = typeof IDLE | typeof RUNNING;

/**
 * Row 14 of the state machine: what lives past its deadline fails with `deadline_exceeded`. What waits at once; what
 * runs `graceMs` later, when its worker has not ended it: the epoch rises, so that nothing which that worker still
 * writes counts. At most `limit` of each. Answers the executions as they now stand. One that a participant's rows keep
 * from it is told to `onRefused` and stays for the next time; it holds up nobody else.
 */
export async function exceedDeadlines(
  database: Database,
  { limit, graceMs }: { limit: number; graceMs: number },
  participants: TransitionParticipants = NOBODY,
  onRefused: (executionId: string, error: unknown) => void = () => undefined,
): Promise<Execution[]> {
  const ended: Execution[] = [];
  for (const [kind, lateMs] of [
    [IDLE, 0],
    [RUNNING, graceMs],
  ] as const) {
    // A look without a write: most find nothing.
    const late = await findLate(database, kind, lateMs, limit);
    if (late.length === 0) continue;
    try {
      ended.push(...(await failLate(database, kind, late, participants)));
    } catch (error) {
      if (!database.isRefusal(error)) throw error;
      for (const row of late) {
        try {
          ended.push(...(await failLate(database, kind, [row], participants)));
        } catch (refusal) {
          if (!database.isRefusal(refusal)) throw refusal;
          onRefused(row.id as string, refusal);
        }
      }
    }
  }
  return ended;
}

function findLate(database: Database, { is }: Kind, lateMs: number, limit: number): Promise<Row[]> {
  return database.read(
    `SELECT id, run_id, epoch, deadline_at, error FROM executions
     WHERE ${is('status')} AND deadline_at <= ${momentOf(database.dialect)} - $1 ORDER BY deadline_at LIMIT $2`,
    [lateMs, limit],
  );
}

/** Those of them that nobody has moved on since. */
function failLate(
  database: Database,
  { running, is }: Kind,
  late: Row[],
  participants: TransitionParticipants,
): Promise<Execution[]> {
  const { dialect } = database;
  const given = byId(
    late.map(({ id, epoch, run_id, deadline_at, error }) => ({
      id: id as string,
      epoch: Number(epoch),
      run_id,
      error: deadlineExceeded(Number(deadline_at), error === null ? null : (JSON.parse(error as string) as Failure)),
    })),
  );
  return database.write(function* () {
    // What somebody holds is left to the next sweep: nobody else's end may wait for him.
    const free = yield {
      sql: `SELECT executions.id FROM ${dialect.recordset('x', { id: 'text' }, '$1')}
            JOIN executions ON executions.id = x.id ORDER BY executions.id ${dialect.skipLocked}`,
      params: [JSON.stringify(given.map(({ id }) => ({ id })))],
    };
    const ids = new Set(free.map((row) => row.id));
    const rows = yield {
      sql: `UPDATE executions
            SET status = 'failed', error = x.error, completed_at = ${dialect.now}, worker_id = NULL,
                epoch = executions.epoch + ${running ? 1 : 0}, next_seq = next_seq + 1
            FROM ${dialect.recordset('x', { id: 'text', epoch: 'bigint', run_id: 'text', error: 'json' }, '$1')}
            WHERE executions.id = x.id AND executions.epoch = x.epoch AND executions.run_id = x.run_id AND ${is(STATUS_BY_ID)}
            RETURNING ${dialect.returning('executions')}`,
      params: [toJsonText(given.filter(({ id }) => ids.has(id)))],
    };
    const executions = rows.map(toExecution);
    if (executions.length === 0) return [];
    yield insertEvents(
      dialect,
      executions.map(({ id, nextSeq, runId, error }) => ({
        executionId: id,
        seq: nextSeq - 1,
        type: TRANSITIONS.exceedDeadlineQueued.event,
        runId: running ? runId : null,
        data: { error: { ...error } },
      })),
    );
    if (running) {
      yield closeRuns(
        database,
        executions.map(({ runId, error }) => ({ runId, outcome: 'lost' as const, error })),
      );
    }
    yield* participants.write(
      dialect,
      executions.map((execution) => ({ transition: transitionOf(execution, running), execution })),
    );
    return executions;
  });
}

function transitionOf({ waitingFor }: Execution, running: boolean): TransitionName {
  if (running) return 'exceedDeadlineRunning';
  return waitingFor === null ? 'exceedDeadlineQueued' : 'exceedDeadlineWaiting';
}
