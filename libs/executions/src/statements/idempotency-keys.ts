import type { Database } from '@longhaul/database';

/** Keys whose time is over. A key that is used again before this ran is taken over by the submission itself. */
export async function deleteExpiredKeys(database: Database): Promise<void> {
  await database.run(`DELETE FROM idempotency_keys WHERE expires_at < ${database.dialect.now}`);
}
