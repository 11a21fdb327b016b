import type { Dialect, Statement, Write } from '@longhaul/database';
import { type JsonValue, LonghaulError, toJsonText } from '@longhaul/kernel';
import { copyValues } from './step-values';

/** What a new execution begins with of the journal of another one that is over. */
export interface JournalPrefix {
  executionId: string;
  /** What was recorded of what it began before that step; null: what it had itself taken over from another one. */
  beforeStep: string | null;
  /** For forks, which are to come to that step as the other one did. */
  fork?: {
    /** Keys of what is left out, and done anew. */
    except: string[];
    /** By key: results in place of those that are recorded, also of steps that had none. */
    results: Record<string, JsonValue>;
  };
}

export interface JournalCopy {
  into: string;
  prefix: JournalPrefix;
}

/** Of a copied step: it is under no run of its execution. The execution's own runs then begin at 2, and read it. */
const COPIED_EPOCH = 0;

/**
 * An error that the code came past is thrown again in the same place, which is the first attempt. Of a step that may be
 * done at most once all is kept: that nobody knows whether it was done must not be forgotten.
 */
const CAME_PAST = `(s.status IN ('failed', 'interrupted') AND (s.effects = 'at_most_once' OR s.ended_at <= named.started_at)
          OR s.status IN ('started', 'waiting') AND s.effects = 'at_most_once')`;

/** What it waited for is its own: to a copy that is as good as cut. */
const COPIED_STATUS = `CASE WHEN s.status = 'waiting' THEN 'started' ELSE s.status END`;

/**
 * For the transaction that inserts the executions. Throws `not_found` where one of the others was deleted after it was
 * looked up: without its steps, what they did would be done again. Steps keep their ids and their order; their places are
 * counted back from the named step, and so are before those of all new ones, which are numbers of events.
 */
export function* copySteps(dialect: Dialect, copies: JournalCopy[]): Write<void> {
  const columns = { into_id: 'text', from_id: 'text', before_step: 'text', forks: 'boolean' } as const;
  const rows = copies.map(({ into, prefix }) => ({
    into_id: into,
    from_id: prefix.executionId,
    before_step: prefix.beforeStep,
    forks: prefix.fork !== undefined,
  }));
  const left = copies.flatMap(({ into, prefix: { fork } }) =>
    (fork?.except ?? []).map((key) => ({ into_id: into, key })),
  );
  yield {
    silent: true,
    sql: `INSERT INTO steps
            (execution_id, key, seq, id, effects, status, run_id, epoch, attempt, started_at, ended_at, result,
             value_length, error)
          SELECT x.into_id, s.key, s.seq - coalesce(named.seq, 0), s.id, s.effects, ${COPIED_STATUS}, s.run_id,
            ${COPIED_EPOCH}, CASE WHEN s.status = 'completed' THEN s.attempt ELSE 1 END, s.started_at, s.ended_at,
            s.result, s.value_length, s.error
          FROM ${dialect.recordset('x', columns, '$1')}
          JOIN steps s ON s.execution_id = x.from_id
          LEFT JOIN steps named ON named.execution_id = x.from_id AND named.key = x.before_step
          WHERE CASE WHEN x.before_step IS NULL THEN s.epoch = ${COPIED_EPOCH}
                     ELSE (s.seq, s.id) < (named.seq, named.id)
                          AND (s.status = 'completed' OR x.forks AND ${CAME_PAST}) END
            AND NOT EXISTS (SELECT 1 FROM ${dialect.recordset('y', { into_id: 'text', key: 'text' }, '$2')}
                            WHERE y.into_id = x.into_id AND y.key = s.key)`,
    params: [JSON.stringify(rows), JSON.stringify(left)],
  };
  const given = copies.flatMap((copy) => givenResults(copy));
  if (given.length > 0) yield giveResults(dialect, given);
  yield copyValues(
    dialect,
    copies.map(({ into, prefix }) => ({ into, from: prefix.executionId })),
  );
  // Last: what is still there now was there all the time.
  const [gone] = yield {
    sql: `SELECT x.from_id FROM ${dialect.recordset('x', columns, '$1')}
          LEFT JOIN executions e ON e.id = x.from_id WHERE e.id IS NULL LIMIT 1`,
    params: [JSON.stringify(rows)],
  };
  if (!gone) return;
  const message = `no execution "${String(gone.from_id)}" any more: it was deleted with its steps; submit its input anew`;
  throw new LonghaulError('not_found', message);
}

function givenResults({ into, prefix: { executionId, beforeStep, fork } }: JournalCopy) {
  const results = Object.entries(fork?.results ?? {});
  return results.map(([key, result]) => ({
    into_id: into,
    from_id: executionId,
    before_step: beforeStep,
    key,
    result,
  }));
}

function giveResults(dialect: Dialect, given: ReturnType<typeof givenResults>): Statement {
  const columns = { into_id: 'text', from_id: 'text', before_step: 'text', key: 'text', result: 'json' } as const;
  return {
    silent: true,
    sql: `INSERT INTO steps
            (execution_id, key, seq, id, effects, status, run_id, epoch, attempt, started_at, ended_at, result, error)
          SELECT x.into_id, s.key, s.seq - named.seq, s.id, s.effects, 'completed', s.run_id, ${COPIED_EPOCH},
            s.attempt, s.started_at, coalesce(s.ended_at, ${dialect.now}), x.result, NULL
          FROM ${dialect.recordset('x', columns, '$1')}
          JOIN steps named ON named.execution_id = x.from_id AND named.key = x.before_step
          JOIN steps s ON s.execution_id = x.from_id AND s.key = x.key WHERE true
          ON CONFLICT (execution_id, key) DO UPDATE
          SET status = excluded.status, ended_at = excluded.ended_at, result = excluded.result,
              value_length = NULL, error = NULL`,
    params: [toJsonText(given)],
  };
}
