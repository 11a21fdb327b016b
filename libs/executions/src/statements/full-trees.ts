import type { Dialect, Write } from '@longhaul/database';
import { PermanentError } from '@longhaul/kernel';
import type { SubmitCommand } from '../submit-command';

type Child = NonNullable<SubmitCommand['child']>;

/**
 * Executions of one tree, of all that are kept of it: the depth alone would let agents that ask each other for many at
 * every level go on for ever. Transactions that run at the same moment do not see each other's: by as many it may be more.
 */
const MOST_IN_TREE = 1_000;

/** Of these children, by id, those for which there is no room in their tree; never one that is in it already. */
export function* fullTrees(dialect: Dialect, children: readonly Child[]): Write<Set<string>> {
  const roots = yield* rootsOf(dialect, children);
  const trees = Map.groupBy(children, ({ parentId }) => roots.get(parentId) ?? parentId);
  const late: string[] = [];
  for (const [root, asked] of trees) {
    const ids = [...new Set(asked.map(({ id }) => id))];
    const room = MOST_IN_TREE - (yield* sizeOf(root));
    if (ids.length <= room) continue;
    const fresh = yield* withoutKnown(dialect, ids);
    late.push(...fresh.slice(Math.max(0, room)));
  }
  return new Set(late);
}

export function treeIsFull(agent: string): PermanentError {
  const message = `"${agent}" was not asked: all that the first one has had done are ${MOST_IN_TREE} executions, as many as may be`;
  return new PermanentError(`${message}: answer with what there is`, { code: 'limit_exceeded' });
}

/** The first of its tree for each parent; of one whose first is not kept any more, the highest that is. */
function* rootsOf(dialect: Dialect, children: readonly Child[]): Write<Map<string, string>> {
  const parents = new Set(children.flatMap(({ parentId, depth }) => (depth > 1 ? [parentId] : [])));
  if (parents.size === 0) return new Map();
  const rows = yield {
    sql: `WITH RECURSIVE line(start, id, parent_id, level) AS (
            SELECT e.id, e.id, e.parent_id, 0
            FROM ${dialect.recordset('x', { id: 'text' }, '$1')} JOIN executions e ON e.id = x.id
            UNION ALL
            SELECT line.start, e.id, e.parent_id, line.level + 1
            FROM line JOIN executions e ON e.id = line.parent_id)
          SELECT start, id FROM line ORDER BY level`,
    params: [JSON.stringify([...parents].map((id) => ({ id })))],
  };
  return new Map(rows.map((row) => [row.start as string, row.id as string]));
}

function* sizeOf(root: string): Write<number> {
  const [row] = yield {
    sql: `WITH RECURSIVE tree(id) AS (
            SELECT e.id FROM executions e WHERE e.id = $1
            UNION ALL
            SELECT e.id FROM tree JOIN executions e ON e.parent_id = tree.id AND e.parent_id IS NOT NULL)
          SELECT count(*) AS size FROM (SELECT id FROM tree LIMIT ${MOST_IN_TREE}) AS known`,
    params: [root],
  };
  return Number(row?.size ?? 0);
}

function* withoutKnown(dialect: Dialect, ids: readonly string[]): Write<string[]> {
  const rows = yield {
    sql: `SELECT e.id FROM ${dialect.recordset('x', { id: 'text' }, '$1')} JOIN executions e ON e.id = x.id`,
    params: [JSON.stringify(ids.map((id) => ({ id })))],
  };
  const known = new Set(rows.map((row) => row.id as string));
  return ids.filter((id) => !known.has(id));
}
