import type { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { isDatabaseAway, isDiskFull } from './is-database-away';

/** What was thrown on purpose, as it is; null for everything else, which is nobody's business outside the log. */
export function meantError(exception: unknown): LonghaulError | null {
  return exception instanceof LonghaulError && exception.code !== 'internal_error' ? exception : null;
}

/** What nobody meant to throw, told without its text: the database is away, or something is wrong in here. */
export async function unmeantError(exception: unknown, database: Database): Promise<LonghaulError> {
  if (await isDatabaseAway(exception, database)) {
    const reason = isDiskFull(exception) ? "the database's disk is full" : 'the database does not answer';
    return new LonghaulError('unavailable', `${reason}; nothing is known to be accepted, try again`, {
      retryable: true,
    });
  }
  return new LonghaulError('internal_error', 'the gateway failed; its log has the trace_id');
}
