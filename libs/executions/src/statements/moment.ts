import type { Dialect } from '@longhaul/database';

/**
 * The database's clock as one moment, for a search in an index. PostgreSQL reads its clock anew for each row, and so
 * looks at every entry of the index instead of going to the place: all that waits, at every sweep.
 */
export function momentOf({ now }: Dialect): string {
  return `(SELECT ${now})`;
}
