import type { Database } from '@longhaul/database';
import type { Execution } from '../entities/execution.entity';
import { TRANSITIONS } from '../lifecycle/transitions';
import { NOBODY, type TransitionParticipants } from '../transition-participant';
import { insertEvents } from './event-rows';
import { toExecution } from './execution-row';

/** `changed: false`: it was terminal, or had been asked already. */
export interface CancelOutcome {
  execution: Execution;
  changed: boolean;
}

/**
 * Rows 10 and 11 of the state machine in one statement: what has not begun is cancelled at once; what runs is asked
 * to, once. Answers the execution as it stands after that, or null when the owner has no such execution. Idempotent:
 * a terminal one, or one that was asked already, comes back as it is.
 */
export async function requestCancel(
  database: Database,
  id: string,
  owner: string,
  participants: TransitionParticipants = NOBODY,
): Promise<CancelOutcome | null> {
  const { dialect } = database;
  return database.write(function* () {
    const [row] = yield {
      sql: `UPDATE executions
            SET cancel_requested_at = ${dialect.now}, next_seq = next_seq + 1,
                status = CASE WHEN status = 'running' THEN status ELSE 'cancelled' END,
                completed_at = CASE WHEN status = 'running' THEN NULL ELSE ${dialect.now} END
            WHERE id = $1 AND owner = $2 AND status IN ('queued', 'waiting', 'running') AND cancel_requested_at IS NULL
            RETURNING *`,
      params: [id, owner],
    };
    if (!row) {
      const [current] = yield { sql: `SELECT * FROM executions WHERE id = $1 AND owner = $2`, params: [id, owner] };
      return current ? { execution: toExecution(current), changed: false } : null;
    }
    const execution = toExecution(row);
    const running = execution.status === 'running';
    const notBegun = execution.waitingFor === null ? 'cancelQueued' : 'cancelWaiting';
    const transition = running ? 'requestCancel' : notBegun;
    yield insertEvents(dialect, [
      {
        executionId: id,
        seq: execution.nextSeq - 1,
        type: TRANSITIONS[transition].event,
        runId: running ? execution.runId : null,
        data: {},
      },
    ]);
    yield* participants.write(dialect, [{ transition, execution }]);
    return { execution, changed: true };
  });
}
