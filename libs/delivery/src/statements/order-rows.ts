import { createHash } from 'node:crypto';
import type { Dialect, Statement } from '@longhaul/database';
import { type JsonObject, newId, toJsonText } from '@longhaul/kernel';
import type { DeliverySource } from '../entities/delivery.entity';

/** What an order needs to become a row. */
export interface OrderRow {
  owner: string;
  executionId: string | null;
  subject: string;
  agent: string | null;
  event: string;
  channel: string;
  target: string;
  lane: string;
  source: DeliverySource;
  options: JsonObject | null;
}

const COLUMNS = {
  id: 'text',
  owner: 'text',
  execution_id: 'text',
  subject: 'text',
  event: 'text',
  agent: 'text',
  channel: 'text',
  target: 'text',
  target_key: 'text',
  lane: 'text',
  source: 'text',
  options: 'json',
} as const;

/** Answers `execution_id` and `id` of those that were not ordered before. Refused by no order that `orderProblem` lets pass. */
export function insertOrders(dialect: Dialect, orders: readonly OrderRow[], patienceMs: number): Statement {
  const rows = orders.map((order) => ({
    id: newId('dlv'),
    owner: order.owner,
    execution_id: order.executionId,
    subject: order.subject,
    event: order.event,
    agent: order.agent,
    channel: order.channel,
    target: order.target,
    target_key: targetKey(order.target),
    lane: order.lane.slice(0, 255),
    source: order.source,
    options: order.options,
  }));
  // One order for everyone: two transactions that order the same must not wait for each other. Of one target that both
  // named the operator's stays: nobody can take it from him by naming it too.
  rows.sort((a, b) => (onceOf(a) < onceOf(b) ? -1 : 1));
  return {
    sql: `INSERT INTO deliveries (${Object.keys(COLUMNS).join(', ')}, status, attempt, attempts_before, due_at,
            give_up_at, created_at)
          SELECT ${Object.keys(COLUMNS)
            .map((name) => `x.${name}`)
            .join(', ')}, 'pending', 0, 0, ${dialect.now}, ${dialect.now} + $2, ${dialect.now}
          FROM ${dialect.recordset('x', COLUMNS, '$1')} WHERE true
          ON CONFLICT (subject, event, channel, target_key) DO NOTHING RETURNING id, execution_id`,
    params: [toJsonText(rows), patienceMs],
  };
}

/** What keeps an order from being stored, or null: it must not take a transition along. */
export function orderProblem({ event, channel, subject, target }: OrderRow): string | null {
  if (event.length > 64) return `an event of ${event.length} characters, at most 64`;
  if (channel.length > 32) return `a channel of ${channel.length} characters, at most 32`;
  if (subject.length > 128) return `a subject of ${subject.length} characters, at most 128`;
  return target === '' ? 'no target' : null;
}

/** What is the same target: itself, or what fits the index. */
function targetKey(target: string): string {
  return target.length <= 64 ? target : createHash('sha256').update(target).digest('hex');
}

function onceOf(row: Record<'subject' | 'event' | 'channel' | 'target_key' | 'source', string>): string {
  return [row.subject, row.event, row.channel, row.target_key, row.source === 'operator' ? 0 : 1].join(' ');
}
