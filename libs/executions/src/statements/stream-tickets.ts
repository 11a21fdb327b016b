import type { Database, Dialect, Statement } from '@longhaul/database';
import { momentOf } from './moment';

/** How long it is remembered that there was a ticket: its bearer is told why it opens nothing. */
const REMEMBERED_MS = 600_000;
/** Old ones that leave with each new one: more than one, so that they cannot pile up. */
const SWEPT = 100;
const TIDIED = 1_000;

export interface TicketRow {
  hash: string;
  owner: string;
  scopes: readonly string[];
}

/** What became of a ticket that somebody showed. */
export type Redemption = ({ kind: 'redeemed' } & Omit<TicketRow, 'hash'>) | { kind: 'used' | 'expired' | 'unknown' };

/** Answers until when it is good, by the database's clock. Takes with it some of those that are long over. */
export function insertTicket(database: Database, ticket: TicketRow, ttlMs: number): Promise<number> {
  const { now } = database.dialect;
  return database.write(function* () {
    yield deletion(database.dialect, SWEPT);
    const [row] = yield {
      sql: `INSERT INTO stream_tickets (hash, owner, scopes, expires_at) VALUES ($1, $2, $3, ${now} + $4)
            RETURNING expires_at`,
      params: [ticket.hash, ticket.owner, JSON.stringify(ticket.scopes), ttlMs],
    };
    return Number(row?.expires_at);
  });
}

/** For when no new ones come. */
export async function deleteOldTickets(database: Database): Promise<void> {
  await database.run(deletion(database.dialect, TIDIED).sql);
}

function deletion(dialect: Dialect, limit: number): Statement {
  return {
    sql: `DELETE FROM stream_tickets WHERE hash IN
            (SELECT hash FROM stream_tickets WHERE expires_at < ${momentOf(dialect)} - ${REMEMBERED_MS}
             ORDER BY expires_at LIMIT ${limit} ${dialect.skipLocked})`,
    silent: true,
  };
}

/** One conditional statement: of two who show the same ticket in the same moment, anywhere, one is let in. */
export async function redeemTicket(database: Database, hash: string): Promise<Redemption> {
  const { now } = database.dialect;
  const [taken] = await database.run(
    `UPDATE stream_tickets SET used_at = ${now} WHERE hash = $1 AND used_at IS NULL AND expires_at >= ${now}
     RETURNING owner, scopes`,
    [hash],
  );
  if (taken) {
    return { kind: 'redeemed', owner: taken.owner as string, scopes: JSON.parse(taken.scopes as string) as string[] };
  }
  const [known] = await database.read('SELECT used_at FROM stream_tickets WHERE hash = $1', [hash]);
  if (!known) return { kind: 'unknown' };
  return { kind: known.used_at === null ? 'expired' : 'used' };
}
