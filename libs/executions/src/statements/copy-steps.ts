import type { Dialect, Statement } from '@longhaul/database';

/** The journal that a new execution begins with: what another one had recorded of what it began before that step. */
export interface JournalPrefix {
  executionId: string;
  beforeStep: string;
}

/** Of a copied step: it is under no run of its execution. The execution's own runs then begin at 2, and read it. */
const COPIED_EPOCH = 0;

/** For the transaction that inserts the executions. Steps keep their ids, and so their places before all new ones. */
export function copySteps(dialect: Dialect, copies: { into: string; prefix: JournalPrefix }[]): Statement {
  const columns = { into_id: 'text', from_id: 'text', before_step: 'text' } as const;
  const rows = copies.map(({ into, prefix }) => ({
    into_id: into,
    from_id: prefix.executionId,
    before_step: prefix.beforeStep,
  }));
  return {
    silent: true,
    sql: `INSERT INTO steps
            (execution_id, key, id, effects, status, run_id, epoch, attempt, started_at, ended_at, result, error)
          SELECT x.into_id, s.key, s.id, s.effects, s.status, s.run_id, ${COPIED_EPOCH}, s.attempt, s.started_at,
            s.ended_at, s.result, NULL
          FROM ${dialect.recordset('x', columns, '$1')}
          JOIN steps named ON named.execution_id = x.from_id AND named.key = x.before_step
          JOIN steps s ON s.execution_id = x.from_id AND s.status = 'completed' AND s.id < named.id`,
    params: [JSON.stringify(rows)],
  };
}
