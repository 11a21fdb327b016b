import type { Database, Write } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import type { SubmitCommand } from '../submit-command';
import { toExecution } from './execution-row';

type Child = NonNullable<SubmitCommand['child']>;

/**
 * The children, by id, that another run of their step has submitted: slowly, after it lost its lease. An execution that
 * is not this parent's is not among them.
 */
export function* submittedChildren({ dialect }: Database, children: Child[]): Write<Map<string, Execution>> {
  const rows = yield {
    sql: `SELECT e.* FROM executions e
          JOIN ${dialect.recordset('x', { id: 'text', parent_id: 'text' }, '$1')}
            ON x.id = e.id AND x.parent_id = e.parent_id`,
    params: [JSON.stringify(children.map(({ id, parentId: parent_id }) => ({ id, parent_id })))],
  };
  return new Map(rows.map((row) => [row.id as string, toExecution(row)]));
}

export function replayChild({ id, parentId }: Child, execution: Execution | undefined) {
  if (execution) return { execution, replayed: true };
  return new LonghaulError('internal_error', `${id} was submitted for ${parentId}, and is no child of it`);
}
