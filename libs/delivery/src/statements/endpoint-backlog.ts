import type { Database } from '@longhaul/database';

/** At once: whoever claims the next one puts off as many again. */
const BATCH = 500;

/**
 * What is due for an endpoint that is left alone waits as long as that, without being claimed one by one only to be put
 * off. What has waited too long is left to the sender that fails it.
 */
export async function putOffBacklog(database: Database, endpointId: string, waitMs: number): Promise<void> {
  const { now, skipLocked } = database.dialect;
  await database.run(
    `UPDATE deliveries SET due_at = ${now} + $2
     WHERE id IN (SELECT id FROM deliveries
                  WHERE status = 'pending' AND due_at <= (SELECT ${now}) AND claim IS NULL
                    AND channel = 'webhook' AND target_key = $1 AND give_up_at > (SELECT ${now})
                  ORDER BY due_at LIMIT ${BATCH} ${skipLocked})`,
    [endpointId, Math.ceil(waitMs)],
  );
}

/** What was put off for an endpoint that answers again is due now; so is what its schedule has due as soon. */
export async function callBacklog(database: Database, endpointId: string, openMs: number): Promise<void> {
  const { now, skipLocked } = database.dialect;
  await database.run(
    `UPDATE deliveries SET due_at = ${now}
     WHERE id IN (SELECT id FROM deliveries
                  WHERE status = 'pending' AND due_at > (SELECT ${now}) AND due_at <= (SELECT ${now}) + $2
                    AND claim IS NULL AND channel = 'webhook' AND target_key = $1
                  ORDER BY id ${skipLocked})`,
    [endpointId, openMs],
  );
}
