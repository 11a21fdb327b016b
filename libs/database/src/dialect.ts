/** The types that a set of rows passed as one JSON parameter can have. */
export type RecordsetType = 'text' | 'bigint' | 'boolean' | 'json';

/** The few things that SQLite and PostgreSQL say differently; every statement outside this lib is built from these. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** The database's clock: milliseconds since the epoch. What processes compare with each other uses this. */
  readonly now: string;
  /** After a SELECT of rows about to be updated: leave to others what they hold. */
  readonly skipLocked: string;
  /**
   * Whether the process that shows `mark`, and last said so at `since`, is surely dead; false in doubt. Many may look
   * at once, and none takes another's look for life.
   */
  dead(mark: string, since: string): string;
  /** All columns of the updated table, and none of those in FROM, after UPDATE … FROM … RETURNING. */
  returning(table: string): string;
  /** Whether the text holds the part, to the letter. */
  contains(text: string, part: string): string;
  /**
   * Many rows as one parameter, so that a statement has the same text, and one plan, for any number of rows:
   * `FROM ${recordset('x', { id: 'text' }, '$1')}` with `JSON.stringify([{ id: … }])` as `$1`.
   */
  recordset(alias: string, columns: Record<string, RecordsetType>, param: string): string;
}

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  now: `CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
  skipLocked: '',
  dead: (mark) => `process_is_gone(${mark})`,
  returning: () => '*',
  contains: (text, part) => `instr(${text}, ${part}) > 0`,
  recordset(alias, columns, param) {
    const fields = Object.entries(columns).map(([name, type]) =>
      // `->` keeps JSON as JSON, but turns null into the text 'null'.
      type === 'json' ? `nullif(value->'${name}', 'null') AS ${name}` : `value->>'${name}' AS ${name}`,
    );
    return `(SELECT ${fields.join(', ')} FROM json_each(${param})) AS ${alias}`;
  },
};

export const postgresDialect: Dialect = {
  name: 'postgres',
  now: `CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)`,
  skipLocked: 'FOR UPDATE SKIP LOCKED',
  // Shared: two looks at once do not see each other. A server that started since has freed the locks of the living.
  dead: (mark, since) =>
    `(extract(epoch FROM pg_postmaster_start_time()) * 1000 < ${since}
      AND pg_try_advisory_xact_lock_shared(CAST(${mark} AS bigint)))`,
  returning: (table) => `${table}.*`,
  contains: (text, part) => `strpos(CAST(${text} AS text), ${part}) > 0`,
  recordset(alias, columns, param) {
    const fields = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return `json_to_recordset(${param}::json) AS ${alias}(${fields.join(', ')})`;
  },
};
