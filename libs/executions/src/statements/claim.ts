import type { Database, Dialect, Statement, Write } from '@longhaul/database';
import { faults } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import { TRANSITIONS } from '../lifecycle/transitions';
import { NOBODY, type TransitionParticipants } from '../transition-participant';
import { beforeDeadline } from './deadlines';
import { insertEvents } from './event-rows';
import { byId } from './fence';
import { needsSolo } from './solo';
import { BEHIND_ANOTHER_TURN } from './turns';
import { STATUS_BY_ID, toExecution, toNumber } from './execution-row';

export interface ClaimRequest {
  executionId: string;
  workerId: string;
  /** This worker runs nothing else, and takes nothing else until this run has ended. */
  solo: boolean;
}

/**
 * `gone`: nothing to claim (claimed already, cancelled, not due, unknown, or it must run alone and this worker has others).
 * `gated`: an earlier turn of its conversation is not over; whoever ends that one rings for this.
 * `lease_ended`: this worker may claim nothing, so the ring is for another.
 */
export type ClaimOutcome =
  /** `deadlineInMs`: how long until its deadline, by the database's clock; null = it has none. */
  | { kind: 'claimed'; execution: Execution; deadlineInMs: number | null }
  | { kind: 'gone' }
  | { kind: 'gated' }
  | { kind: 'lease_ended' };

/** Row 2 of the state machine, for several rings of one worker in one transaction. */
export async function claimAll(
  database: Database,
  requests: ClaimRequest[],
  participants: TransitionParticipants = NOBODY,
): Promise<ClaimOutcome[]> {
  const { dialect } = database;
  const asked = dialect.recordset('x', { id: 'text', worker_id: 'text', solo: 'boolean' }, '$1');
  const params = [
    JSON.stringify(byId(requests.map(({ executionId: id, workerId: worker_id, solo }) => ({ id, worker_id, solo })))),
  ];
  return database.write(function* () {
    const claimed = yield {
      sql: `UPDATE executions
            SET status = 'running', epoch = epoch + 1, worker_id = x.worker_id,
                attempt = attempt + CASE WHEN counts_attempt THEN 1 ELSE 0 END,
                started_at = coalesce(started_at, ${dialect.now}), next_seq = next_seq + 1
            FROM ${asked}
            WHERE executions.id = x.id AND ${claimable(dialect)}
              AND EXISTS (SELECT 1 FROM workers w WHERE w.id = x.worker_id AND w.ended_at IS NULL)
            RETURNING ${dialect.returning('executions')}, deadline_at - ${dialect.now} AS deadline_in_ms`,
      params,
    };
    const executions = new Map(claimed.map((row) => [row.id as string, toExecution(row)]));
    const deadlines = new Map(claimed.map((row) => [row.id as string, toNumber(row.deadline_in_ms)]));
    if (executions.size > 0) {
      yield openRuns(database, [...executions.values()]);
      yield insertEvents(dialect, [...executions.values()].map(startedEvent));
      const changes = [...executions.values()].map((execution) => ({ transition: 'claim' as const, execution }));
      yield* participants.write(dialect, changes);
    }
    const refused = executions.size < requests.length ? yield* refusals(database, params) : new Map<string, never>();
    return requests.map(({ executionId, workerId }): ClaimOutcome => {
      const execution = executions.get(executionId);
      // A ring that came twice in one batch claims once.
      if (execution?.workerId === workerId && executions.delete(executionId)) {
        return { kind: 'claimed', execution, deadlineInMs: deadlines.get(executionId) ?? null };
      }
      return { kind: refused.get(`${executionId} ${workerId}`) ?? 'gone' };
    });
  });
}

function claimable(dialect: Dialect): string {
  if (faults.off.has('claim-condition')) return 'executions.completed_at IS NULL';
  return `${STATUS_BY_ID} = 'queued' AND due_at <= ${dialect.now} AND cancel_requested_at IS NULL
              AND ${beforeDeadline(dialect)}
              AND (x.solo OR NOT ${needsSolo(dialect)}) AND NOT ${BEHIND_ANOTHER_TURN}`;
}

/** Why what was not claimed was refused, where that is more than that it is gone. */
function* refusals({ dialect }: Database, params: string[]): Write<Map<string, 'gated' | 'lease_ended'>> {
  const rows = yield {
    sql: `SELECT x.id, x.worker_id, w.ended_at
          FROM ${dialect.recordset('x', { id: 'text', worker_id: 'text' }, '$1')}
          JOIN workers w ON w.id = x.worker_id LEFT JOIN executions ON executions.id = x.id
          WHERE w.ended_at IS NOT NULL OR (${STATUS_BY_ID} = 'queued' AND ${BEHIND_ANOTHER_TURN})`,
    params,
  };
  return new Map(
    rows.map((row) => [`${String(row.id)} ${String(row.worker_id)}`, row.ended_at === null ? 'gated' : 'lease_ended']),
  );
}

function openRuns({ dialect }: Database, executions: Execution[]): Statement {
  const rows = dialect.recordset(
    'x',
    { id: 'text', execution_id: 'text', attempt: 'bigint', epoch: 'bigint', worker_id: 'text' },
    '$1',
  );
  return {
    silent: true,
    sql: `INSERT INTO runs (id, execution_id, attempt, epoch, worker_id, started_at)
          SELECT x.id, x.execution_id, x.attempt, x.epoch, x.worker_id, ${dialect.now} FROM ${rows}`,
    params: [
      JSON.stringify(
        executions.map((e) => ({
          id: e.runId,
          execution_id: e.id,
          attempt: e.attempt,
          epoch: e.epoch,
          worker_id: e.workerId,
        })),
      ),
    ],
  };
}

function startedEvent(execution: Execution) {
  return {
    executionId: execution.id,
    seq: execution.nextSeq - 1,
    type: TRANSITIONS.claim.event,
    runId: execution.runId,
    data: { attempt: execution.attempt, worker_id: execution.workerId },
  };
}
