import { LonghaulError } from '@longhaul/kernel';
import { invalidQuery, outOfTime, refusedQuery, unavailable } from '../query-errors';

interface PostgresError extends Error {
  code?: string;
  hint?: string;
  detail?: string;
}

const READ_ONLY_TRANSACTION = '25006';
const QUERY_CANCELED = '57014';
const SEVERAL_STATEMENTS = /cannot insert multiple commands/;
/** SQLSTATE classes of connections, authentication, resources and the operator's doings. */
const UNAVAILABLE = /^(?:08(?!P01)|28|3D|53|57|58|XX)/;
/** Stands before each query: what is no SELECT is no cursor. */
export const DECLARE = 'DECLARE longhaul NO SCROLL CURSOR FOR ';

/** The server's words, and what to do about them. */
export function mended(error: unknown, timeoutMs = 0): LonghaulError {
  if (error instanceof LonghaulError) return error;
  const { code = '', message, hint, detail } = error as PostgresError;
  if (code === QUERY_CANCELED) return outOfTime(timeoutMs, error);
  if (SEVERAL_STATEMENTS.test(message)) return refusedQuery('only one statement is run');
  if (code === READ_ONLY_TRANSACTION) return refusedQuery(`${message}: this tool only reads`);
  if (!/^[0-9A-Z]{5}$/.test(code) || UNAVAILABLE.test(code)) return unavailable(message || code, error);
  const more = [detail, hint].filter((text) => text !== undefined);
  const position = Number((error as { position?: string }).position) - DECLARE.length;
  const place = position > 0 ? ` at character ${position}` : '';
  return invalidQuery([`${message}${place}`, ...more].join('; '), error);
}
