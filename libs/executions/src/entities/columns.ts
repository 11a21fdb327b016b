import type { ColumnOptions, ValueTransformer } from 'typeorm';

/** PostgreSQL's driver gives bigint as a string; milliseconds and counters stay far below 2^53. */
const asNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/** The column types of both dialects, as the migrations write them; a test proves that they do not drift apart. */
export const column = {
  id: (name: string, more: ColumnOptions = {}): ColumnOptions => ({ name, type: 'varchar', length: 40, ...more }),
  text: (name: string, length: number, more: ColumnOptions = {}): ColumnOptions => ({
    name,
    type: 'varchar',
    length,
    ...more,
  }),
  /** Text of any length. */
  prose: (name: string): ColumnOptions => ({ name, type: 'text' }),
  integer: (name: string, more: ColumnOptions = {}): ColumnOptions => ({ name, type: 'integer', ...more }),
  boolean: (name: string, more: ColumnOptions = {}): ColumnOptions => ({ name, type: 'boolean', ...more }),
  /** Milliseconds since the epoch, by the database's clock. */
  moment: (name: string, more: ColumnOptions = {}): ColumnOptions => ({
    name,
    type: 'bigint',
    transformer: asNumber,
    ...more,
  }),
  json: (name: string, more: ColumnOptions = {}): ColumnOptions => ({ name, type: 'json', ...more }),
};

export const nullable = { nullable: true };
