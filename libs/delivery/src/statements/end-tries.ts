import type { Database } from '@longhaul/database';
import { toJsonText } from '@longhaul/kernel';

/** What a sender has to say of a delivery that it holds. */
export interface TryRecord {
  id: string;
  claim: string;
  /** What it becomes; `pending`: it is tried again after `delayMs`. */
  status: 'pending' | 'delivered' | 'failed';
  delayMs: number;
  /** Absent: it was no try, and costs none. */
  tried?: {
    attempt: number;
    durationMs: number;
    outcome: 'delivered' | 'failed';
    status: number | null;
    error: string | null;
    excerpt: string | null;
  };
  /** Why it fails, or waits, without a try. */
  reason?: string;
}

/** Answers of each whether it was written: false where the claim was over, and somebody else has it. */
export async function endTries(database: Database, records: TryRecord[]): Promise<boolean[]> {
  const { dialect } = database;
  const x = dialect.recordset(
    'x',
    {
      id: 'text',
      claim: 'text',
      status: 'text',
      delay_ms: 'bigint',
      uncounted: 'bigint',
      last_status: 'bigint',
      last_error: 'text',
    },
    '$1',
  );
  const rows = records
    .map(({ id, claim, status, delayMs, tried, reason }) => ({
      id,
      claim,
      status,
      // A channel may say it in parts of one, which PostgreSQL takes for no whole number.
      delay_ms: Math.round(delayMs),
      uncounted: tried || status !== 'pending' ? 0 : 1,
      last_status: tried?.status ?? null,
      last_error: tried ? tried.error : (reason ?? null),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return database.write(function* () {
    const updated = yield {
      sql: `UPDATE deliveries
            SET status = x.status, claim = NULL, due_at = ${dialect.now} + x.delay_ms, attempt = attempt - x.uncounted,
                ended_at = CASE WHEN x.status = 'pending' THEN NULL ELSE ${dialect.now} END,
                last_status = x.last_status, last_error = x.last_error
            FROM ${x} WHERE deliveries.id = x.id AND deliveries.claim = x.claim
            RETURNING deliveries.id`,
      params: [toJsonText(rows)],
    };
    const written = new Set(updated.map((row) => row.id as string));
    const tries = records.flatMap(({ id, tried }) =>
      tried && written.has(id)
        ? [
            {
              delivery_id: id,
              attempt: tried.attempt,
              duration_ms: tried.durationMs,
              outcome: tried.outcome,
              status: tried.status,
              error: tried.error,
              excerpt: tried.excerpt,
            },
          ]
        : [],
    );
    if (tries.length > 0) {
      const t = {
        delivery_id: 'text',
        attempt: 'bigint',
        duration_ms: 'bigint',
        outcome: 'text',
        status: 'bigint',
        error: 'text',
        excerpt: 'text',
      } as const;
      yield {
        silent: true,
        sql: `INSERT INTO delivery_tries (delivery_id, attempt, at, duration_ms, outcome, status, error, excerpt)
              SELECT t.delivery_id, t.attempt, ${dialect.now}, t.duration_ms, t.outcome, t.status, t.error, t.excerpt
              FROM ${dialect.recordset('t', t, '$1')}`,
        params: [toJsonText(tries)],
      };
    }
    return records.map(({ id }) => written.has(id));
  });
}
