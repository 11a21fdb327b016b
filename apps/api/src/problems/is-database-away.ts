import type { Database } from '@longhaul/database';

const PING_TIMEOUT_MS = 2_000;

/**
 * Of the network, of SQLite, and PostgreSQL's: 08 (connection), 53 (resources), 57P (shutdown), 57014 (a statement that
 * took too long), 25P03 (a transaction that did), 40 (a deadlock, tried several times), 55P03 (a lock not got).
 */
const AWAY =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|SQLITE_(BUSY|IOERR|FULL|CANTOPEN)\w*|(08|40|53)\w{3}|57P\w\w|57014|25P03|55P03)$/;

/**
 * Whether the database is why this was thrown. Drivers do not give each of their errors a code, so in doubt the
 * database is asked.
 */
export async function isDatabaseAway(exception: unknown, database: Database): Promise<boolean> {
  return codesOf(exception).some((code) => AWAY.test(code)) || !(await answers(database));
}

/** The disk of the database takes nothing more: SQLite's code, and PostgreSQL's. */
export function isDiskFull(exception: unknown): boolean {
  return codesOf(exception).some((code) => code === 'SQLITE_FULL' || code === '53100');
}

function codesOf(exception: unknown): string[] {
  if (!(exception instanceof Error)) return [];
  const { code, driverError, cause } = exception as Error & { code?: unknown; driverError?: unknown };
  const inner = exception instanceof AggregateError ? exception.errors : [driverError, cause];
  return [...(typeof code === 'string' ? [code] : []), ...inner.flatMap(codesOf)];
}

async function answers(database: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS)));
  const answer = database.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
