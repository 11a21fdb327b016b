import type { Database, Statement } from '@longhaul/database';
import { type Failure, faults, type JsonObject, type JsonValue, newId, toJsonText } from '@longhaul/kernel';
import type { Execution, Usage, WaitingFor } from '../entities/execution.entity';
import type { UsageTotals } from '../worker/usage-meter';
import type { RunOutcome } from '../lifecycle/status';
import { TRANSITIONS, type TransitionName } from '../lifecycle/transitions';
import { NOBODY, type TransitionParticipants } from '../transition-participant';
import { insertEvents } from './event-rows';
import { byId, type Fence, fenceKey, fenceRow, underFence } from './fence';
import { toExecution } from './execution-row';
import { RING_PATIENCE_MS } from './submit';
import { forgetWaits } from './waits';

/** `usage`: what the run spent, whatever became of it; absent or null where it spent nothing. */
export type RunEnding = { usage?: UsageTotals | null } & (
  | { kind: 'completed'; output: JsonValue }
  | { kind: 'failed'; error: Failure }
  | { kind: 'retrying'; error: Failure; delayMs: number }
  | { kind: 'cancelled' }
  /** A drain: back to the queue, due at once, at no cost to the attempts. */
  | { kind: 'released' }
  /** It has nothing to do but wait for this. */
  | { kind: 'parked'; waitingFor: WaitingFor[] }
);

/**
 * Rows 5, 6, 7, 8, 12 and 15 of the state machine, for several runs in one transaction: what becomes of a running
 * execution when its own worker ends the run. Answers the execution as it now stands, or null where the fence held:
 * the lease was lost, and the result is dropped. A cancel that was asked for beats going back to the queue, and waiting.
 */
export async function endRuns(
  database: Database,
  runs: { fence: Fence; ending: RunEnding }[],
  participants: TransitionParticipants = NOBODY,
): Promise<(Execution | null)[]> {
  const { dialect } = database;
  const rows = runs.map(({ fence, ending }) => endingRow(fence, ending));
  const x = dialect.recordset(
    'x',
    {
      id: 'text',
      worker_id: 'text',
      epoch: 'bigint',
      status: 'text',
      output: 'json',
      usage: 'json',
      error: 'json',
      job_id: 'text',
      run_id: 'text',
      delay_ms: 'bigint',
      patience_ms: 'bigint',
      counts_attempt: 'boolean',
      waiting_for: 'json',
    },
    '$1',
  );
  const cancelled = faults.off.has('cancel-beats-retry') ? 'false' : 'cancel_requested_at IS NOT NULL';
  const back = `(x.status = 'queued' AND NOT ${cancelled})`;
  const live = `(x.status IN ('queued', 'waiting') AND NOT ${cancelled})`;
  return database.write(function* () {
    const updated = yield {
      sql: `UPDATE executions
            SET status = CASE WHEN x.status IN ('queued', 'waiting') AND ${cancelled} THEN 'cancelled'
                              ELSE x.status END,
                output = x.output, usage = coalesce(x.usage, executions.usage), error = x.error, worker_id = NULL,
                completed_at = CASE WHEN ${live} THEN NULL ELSE ${dialect.now} END,
                job_id = CASE WHEN ${back} THEN x.job_id ELSE executions.job_id END,
                run_id = CASE WHEN ${back} THEN x.run_id ELSE executions.run_id END,
                due_at = CASE WHEN ${back} THEN ${dialect.now} + x.delay_ms ELSE due_at END,
                ring_after = CASE WHEN ${back} THEN ${dialect.now} + x.patience_ms ELSE ring_after END,
                waiting_for = CASE WHEN ${live} THEN x.waiting_for END,
                counts_attempt = x.counts_attempt, next_seq = next_seq + 1,
                interruptions = CASE WHEN x.counts_attempt THEN 0 ELSE interruptions END
            FROM ${x}
            WHERE ${underFence()}
            RETURNING ${dialect.returning('executions')}`,
      params: [toJsonText(byId(rows))],
    };
    const ended = new Map(
      updated.map(toExecution).map((execution) => {
        const { id: executionId, epoch } = execution;
        return [fenceKey({ executionId, epoch }), execution];
      }),
    );
    const written = runs.filter(({ fence }) => ended.has(fenceKey(fence)));
    if (written.length > 0) {
      const facts = written.map(({ fence, ending }) => factOf(fence, ending, ended.get(fenceKey(fence))));
      yield insertEvents(
        dialect,
        facts.map((fact) => ({ ...fact, type: TRANSITIONS[fact.transition].event })),
      );
      yield closeRuns(database, facts);
      const parked = facts.filter(({ execution }) => execution.waitingFor !== null);
      if (parked.length > 0) yield forgetWaits(dialect, parked.map(stillAsked));
      yield* participants.write(dialect, facts);
    }
    return runs.map(({ fence }) => ended.get(fenceKey(fence)) ?? null);
  });
}

const STATUS_OF = {
  completed: TRANSITIONS.complete.to,
  failed: TRANSITIONS.fail.to,
  retrying: TRANSITIONS.retry.to,
  cancelled: TRANSITIONS.cancelRunning.to,
  released: TRANSITIONS.release.to,
  parked: TRANSITIONS.park.to,
} as const;

function endingRow(fence: Fence, ending: RunEnding) {
  const delayMs = ending.kind === 'retrying' ? ending.delayMs : 0;
  const goesBack = STATUS_OF[ending.kind] === 'queued';
  return {
    ...fenceRow(fence),
    status: STATUS_OF[ending.kind],
    output: ending.kind === 'completed' ? ending.output : null,
    usage: ending.usage?.execution ?? null,
    error: 'error' in ending ? ending.error : null,
    job_id: goesBack ? newId('job') : null,
    run_id: goesBack ? newId('run') : null,
    delay_ms: delayMs,
    patience_ms: ending.kind === 'retrying' ? delayMs : RING_PATIENCE_MS,
    counts_attempt: ending.kind !== 'released' && ending.kind !== 'parked',
    waiting_for: ending.kind === 'parked' ? ending.waitingFor : null,
  };
}

interface RunFact {
  executionId: string;
  seq: number;
  runId: string;
  execution: Execution;
  transition: TransitionName;
  data: JsonObject;
  outcome: RunOutcome;
  error: Failure | null;
  usage: Usage | null;
}

function factOf(fence: Fence, ending: RunEnding, execution: Execution | undefined): RunFact {
  if (!execution) throw new Error('unreachable: a fact about a run that was not written');
  const error = 'error' in ending ? ending.error : null;
  const usage = ending.usage?.run ?? null;
  const { executionId, runId } = fence;
  const base = { executionId, runId, seq: execution.nextSeq - 1, execution, error, usage };
  switch (execution.status) {
    case 'completed':
      return { ...base, outcome: 'completed', transition: 'complete', data: { output: execution.output } };
    case 'failed':
      return { ...base, outcome: 'failed', transition: 'fail', data: { error: { ...error } } };
    case 'cancelled':
      return { ...base, outcome: 'cancelled', transition: 'cancelRunning', data: {} };
    case 'queued':
      return ending.kind === 'released'
        ? { ...base, outcome: 'released', transition: 'release', data: { reason: 'drain' } }
        : {
            ...base,
            outcome: 'retrying',
            transition: 'retry',
            data: {
              reason: 'error',
              error: { ...error },
              attempt: execution.attempt,
              next_attempt_at: new Date(execution.dueAt).toISOString(),
            },
          };
    case 'waiting':
      return {
        ...base,
        outcome: 'waiting',
        transition: 'park',
        data: { waiting_for: (execution.waitingFor ?? []).map((one) => ({ ...one })) },
      };
    case 'running':
      throw new Error(`unreachable: a run ended in ${execution.status}`);
  }
}

const stillAsked = ({ execution }: RunFact) => ({
  executionId: execution.id,
  keys: (execution.waitingFor ?? []).map(({ step }) => step),
});

export function closeRuns(
  { dialect }: Database,
  runs: { runId: string; outcome: RunOutcome; error: Failure | null; usage?: Usage | null }[],
): Statement {
  return {
    silent: true,
    sql: `UPDATE runs SET ended_at = ${dialect.now}, outcome = x.outcome, error = x.error,
            usage = coalesce(x.usage, runs.usage)
          FROM ${dialect.recordset('x', { id: 'text', outcome: 'text', error: 'json', usage: 'json' }, '$1')}
          WHERE runs.id = x.id`,
    params: [toJsonText(runs.map(({ runId: id, outcome, error, usage = null }) => ({ id, outcome, error, usage })))],
  };
}
