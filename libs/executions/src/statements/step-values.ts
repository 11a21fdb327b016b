import type { Database, Dialect, Statement } from '@longhaul/database';

/** A result whose JSON is longer is kept apart from its step: whoever goes through the steps does not read it. */
export const MAX_RESULT_IN_ROW = 65_536;

/** One at a time: many of them at once would be one parameter that no database takes. */
export function storeValue(executionId: string, key: string, value: string): Statement {
  return {
    sql: `INSERT INTO step_values (execution_id, key, value) VALUES ($1, $2, $3)
          ON CONFLICT (execution_id, key) DO UPDATE SET value = excluded.value`,
    params: [executionId, key, value],
  };
}

/** Of the steps that `copySteps` has copied, those whose results lie apart. */
export function copyValues(dialect: Dialect, copies: { into: string; from: string }[]): Statement {
  const rows = copies.map(({ into, from }) => ({ into_id: into, from_id: from }));
  return {
    silent: true,
    sql: `INSERT INTO step_values (execution_id, key, value)
          SELECT x.into_id, v.key, v.value
          FROM ${dialect.recordset('x', { into_id: 'text', from_id: 'text' }, '$1')}
          JOIN steps s ON s.execution_id = x.into_id AND s.value_length IS NOT NULL
          JOIN step_values v ON v.execution_id = x.from_id AND v.key = s.key`,
    params: [JSON.stringify(rows)],
  };
}

/** JSON; null where it is gone with its execution. */
export async function readValue(database: Database, executionId: string, key: string): Promise<string | null> {
  const [row] = await database.read('SELECT value FROM step_values WHERE execution_id = $1 AND key = $2', [
    executionId,
    key,
  ]);
  return row ? (row.value as string) : null;
}
