/** One row as the driver gives it: numbers as numbers, `json` columns as their text. */
export type Row = Record<string, unknown>;

/** What a parameter can be. */
export type SqlValue = string | number | boolean | null;
