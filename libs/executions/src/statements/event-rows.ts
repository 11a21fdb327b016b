import { type JsonObject, toJsonText } from '@longhaul/kernel';
import type { Dialect, Statement } from '@longhaul/database';
import type { ExecutionEventType } from '../events/event-types';

export interface EventRow {
  executionId: string;
  seq: number;
  type: ExecutionEventType;
  runId: string | null;
  data: JsonObject;
}

/**
 * Stores events whose `seq` was taken from `executions.next_seq` earlier in the same transaction: the row lock makes
 * the order of seq the order of commits.
 */
export function insertEvents(dialect: Dialect, events: EventRow[]): Statement {
  const rows = dialect.recordset(
    'x',
    { execution_id: 'text', seq: 'bigint', type: 'text', run_id: 'text', data: 'json' },
    '$1',
  );
  return {
    silent: true,
    sql: `INSERT INTO events (execution_id, seq, type, at, run_id, data)
          SELECT x.execution_id, x.seq, x.type, ${dialect.now}, x.run_id, x.data FROM ${rows}`,
    params: [
      toJsonText(
        events.map(({ executionId, seq, type, runId, data }) => ({
          execution_id: executionId,
          seq,
          type,
          run_id: runId,
          data,
        })),
      ),
    ],
  };
}
