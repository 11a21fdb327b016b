import type { Database, Row } from '@longhaul/database';
import { type EndpointSettings, toFilter } from './endpoint';
import { hostOf } from './webhook-url';

const SETTINGS = {
  url: 'text',
  host: 'text',
  description: 'text',
  events: 'text',
  agents: 'text',
  body: 'text',
  envelope: 'text',
} as const;
const NAMES = Object.keys(SETTINGS);

function settingsRow(settings: EndpointSettings) {
  const { url, events, agents, ...others } = settings;
  return { ...others, url, host: hostOf(url), events: toFilter(events), agents: toFilter(agents) };
}

/**
 * Stores it, unless its owner has `max` already: then null. `first`: nobody had one that was heard of everywhere, so there
 * may be processes that believe there are none.
 */
export async function insertEndpoint(
  database: Database,
  endpoint: { id: string; owner: string; secret: string } & EndpointSettings,
  { max, believedMs }: { max: number; believedMs: number },
): Promise<{ row: Row; first: boolean } | null> {
  const { dialect } = database;
  const { id, owner, secret, ...settings } = endpoint;
  const x = dialect.recordset('x', SETTINGS, '$1');
  // PostgreSQL would take $3 for a text in one place and, from the column, for a varchar in the other, and refuse both.
  return database.write(function* () {
    const [known] = yield {
      sql: `SELECT 1 FROM webhook_endpoints WHERE enabled = true AND updated_at < ${dialect.now} - $1 LIMIT 1`,
      params: [believedMs],
    };
    const [row] = yield {
      sql: `INSERT INTO webhook_endpoints (id, owner, secret, ${NAMES.join(', ')}, enabled, failures, created_at, updated_at)
            SELECT $2, CAST($3 AS text), $4, ${NAMES.map((name) => `x.${name}`).join(', ')}, true, 0, ${dialect.now}, ${dialect.now}
            FROM ${x} WHERE (SELECT count(*) FROM webhook_endpoints WHERE owner = CAST($3 AS text)) < $5
            RETURNING *`,
      params: [JSON.stringify([settingsRow(settings)]), id, owner, secret, max],
    };
    return row ? { row, first: known === undefined } : null;
  });
}

/** What is there now, with what was changed; null: the owner has none of this id. */
export async function updateEndpoint(
  database: Database,
  id: string,
  owner: string,
  change: { settings: EndpointSettings; enabled: boolean; startsAnew: boolean; disabledReason: string | null },
): Promise<Row | null> {
  const { dialect } = database;
  const { settings, enabled, startsAnew, disabledReason } = change;
  const [row] = await database.run(
    `UPDATE webhook_endpoints
     SET ${NAMES.map((name) => `${name} = x.${name}`).join(', ')}, enabled = $4, disabled_reason = $5,
         failures = CASE WHEN $6 = 1 THEN 0 ELSE failures END, open_until = CASE WHEN $6 = 1 THEN NULL ELSE open_until END,
         updated_at = ${dialect.now}
     FROM ${dialect.recordset('x', SETTINGS, '$1')} WHERE id = $2 AND owner = $3
     RETURNING ${dialect.returning('webhook_endpoints')}`,
    [JSON.stringify([settingsRow(settings)]), id, owner, enabled, disabledReason, startsAnew ? 1 : 0],
  );
  return row ?? null;
}

/** The old secret goes on to sign for `overlapMs`. */
export async function rotateSecret(
  database: Database,
  id: string,
  owner: string,
  { secret, overlapMs }: { secret: string; overlapMs: number },
): Promise<Row | null> {
  const { now } = database.dialect;
  const [row] = await database.run(
    `UPDATE webhook_endpoints
     SET previous_secret = secret, previous_until = ${now} + $4, secret = $3, updated_at = ${now}
     WHERE id = $1 AND owner = $2 RETURNING *`,
    [id, owner, secret, overlapMs],
  );
  return row ?? null;
}

export async function deleteEndpoint(database: Database, id: string, owner: string): Promise<boolean> {
  const rows = await database.run('DELETE FROM webhook_endpoints WHERE id = $1 AND owner = $2 RETURNING id', [
    id,
    owner,
  ]);
  return rows.length > 0;
}

/** As a sender needs it: with its secrets, and the clock of the database. */
export interface CallableEndpoint {
  row: Row;
  /** The present secret first. */
  secrets: string[];
  /** Milliseconds until something may be sent again; 0: now, null: its circuit is closed. */
  openForMs: number | null;
}

export async function findCallable(database: Database, id: string, owner: string): Promise<CallableEndpoint | null> {
  const [row] = await database.read(
    `SELECT *, ${database.dialect.now} AS now FROM webhook_endpoints WHERE id = $1 AND owner = $2`,
    [id, owner],
  );
  if (!row) return null;
  const now = Number(row.now);
  const previous =
    row.previous_secret !== null && Number(row.previous_until) > now ? [row.previous_secret as string] : [];
  const openForMs = row.open_until === null ? null : Math.max(0, Number(row.open_until) - now);
  return { row, secrets: [row.secret as string, ...previous], openForMs };
}
