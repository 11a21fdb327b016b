import type { Database } from '@longhaul/database';
import { momentOf } from './moment';

/** Keys whose time is over. A key that is used again before this ran is taken over by the submission itself. */
export async function deleteExpiredKeys(database: Database): Promise<void> {
  await database.run(`DELETE FROM idempotency_keys WHERE expires_at < ${momentOf(database.dialect)}`);
}
