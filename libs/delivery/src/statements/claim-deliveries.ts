import type { Database, Dialect, Row, SqlValue } from '@longhaul/database';
import type { Delivery } from '../delivery';
import type { DeliverySource } from '../entities/delivery.entity';
import type { JsonObject } from '@longhaul/kernel';

/** A delivery that this process may try now, and nobody else before the claim is over. */
export interface ClaimedDelivery {
  delivery: Delivery;
  claim: string;
  lane: string;
  /** Tries since somebody last asked for it, this one included. */
  tries: number;
  /** Its time is up by now. */
  tooLate: boolean;
}

/** Whose limits a delivery counts against while it is sent. */
export interface Place {
  lane: string;
  owner: string;
}

export interface Candidate extends Place {
  id: string;
}

/** PostgreSQL reads its clock anew for each row, unless it is asked once. */
const moment = ({ now }: Dialect) => `(SELECT ${now})`;

/** What is due, longest overdue first, but for what goes to a lane that is full or is of an owner that has enough. */
export async function findDueDeliveries(
  database: Database,
  full: { lanes: string[]; owners: string[] },
  limit: number,
): Promise<Candidate[]> {
  const { dialect } = database;
  const params: SqlValue[] = [limit];
  const without = (column: string, all: string[]) => {
    if (all.length === 0) return '';
    params.push(JSON.stringify(all.map((name) => ({ name }))));
    return `AND ${column} NOT IN (SELECT x.name FROM ${dialect.recordset('x', { name: 'text' }, `$${params.length}`)})`;
  };
  const rows = await database.read(
    `SELECT id, lane, owner FROM deliveries
     WHERE status = 'pending' AND due_at <= ${moment(dialect)}
       ${without('lane', full.lanes)} ${without('owner', full.owners)}
     ORDER BY due_at LIMIT $1`,
    params,
  );
  return rows.map((row) => ({ id: row.id as string, lane: row.lane as string, owner: row.owner as string }));
}

/**
 * Claims those of these that are still due. A try counts from here on, so that a delivery that kills its sender does
 * not do so for ever; a claim that its sender does not end comes due again after `leaseMs`.
 */
export async function claimDeliveries(
  database: Database,
  ids: string[],
  claim: string,
  leaseMs: number,
): Promise<ClaimedDelivery[]> {
  const { dialect } = database;
  const rows = await database.run(
    `UPDATE deliveries SET claim = $2, attempt = attempt + 1, due_at = ${dialect.now} + $3
     WHERE id IN (SELECT d.id FROM deliveries d
                  WHERE d.id IN (SELECT x.id FROM ${dialect.recordset('x', { id: 'text' }, '$1')})
                    AND d.status = 'pending' AND d.due_at <= ${dialect.now}
                  ORDER BY d.id ${dialect.skipLocked})
     RETURNING *, ${dialect.now} > give_up_at AS too_late`,
    [JSON.stringify(ids.map((id) => ({ id }))), claim, leaseMs],
  );
  return rows.map((row) => toClaimed(row, claim));
}

function toClaimed(row: Row, claim: string): ClaimedDelivery {
  const attempt = Number(row.attempt);
  return {
    claim,
    lane: row.lane as string,
    tries: attempt - Number(row.attempts_before),
    tooLate: Boolean(row.too_late),
    delivery: {
      id: row.id as string,
      owner: row.owner as string,
      event: row.event as string,
      subject: row.subject as string,
      executionId: row.execution_id as string | null,
      agent: row.agent as string | null,
      channel: row.channel as string,
      target: row.target as string,
      source: row.source as DeliverySource,
      options: row.options === null ? null : (JSON.parse(row.options as string) as JsonObject),
      attempt,
      createdAt: new Date(Number(row.created_at)),
    },
  };
}
