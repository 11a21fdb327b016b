import type { Row } from '@longhaul/database';
import { redact } from '@longhaul/kernel';
import type { DeliverySource, DeliveryStatus } from './entities/delivery.entity';

/** A delivery as people see it. */
export interface DeliveryRecord {
  id: string;
  event: string;
  channel: string;
  target: string;
  source: DeliverySource;
  executionId: string | null;
  agent: string | null;
  status: DeliveryStatus;
  /** Tries that have begun. */
  attempt: number;
  createdAt: Date;
  endedAt: Date | null;
  /** When it is tried next; null: never, or it is being tried at the moment. */
  nextTryAt: Date | null;
  sending: boolean;
  lastStatus: number | null;
  lastError: string | null;
}

export interface TryView {
  attempt: number;
  at: Date;
  durationMs: number;
  outcome: 'delivered' | 'failed';
  status: number | null;
  error: string | null;
  excerpt: string | null;
}

export function toDeliveryRecord(row: Row, secrets: readonly string[]): DeliveryRecord {
  const status = row.status as DeliveryStatus;
  const sending = status === 'pending' && row.claim !== null;
  return {
    id: row.id as string,
    event: row.event as string,
    channel: row.channel as string,
    target: redact(row.target as string, secrets),
    source: row.source as DeliverySource,
    executionId: row.execution_id as string | null,
    agent: row.agent as string | null,
    status,
    attempt: Number(row.attempt),
    createdAt: new Date(Number(row.created_at)),
    endedAt: row.ended_at === null ? null : new Date(Number(row.ended_at)),
    nextTryAt: status === 'pending' && !sending ? new Date(Number(row.due_at)) : null,
    sending,
    lastStatus: row.last_status === null ? null : Number(row.last_status),
    lastError: redacted(row.last_error, secrets),
  };
}

export function toTryView(row: Row, secrets: readonly string[]): TryView {
  return {
    attempt: Number(row.attempt),
    at: new Date(Number(row.at)),
    durationMs: Number(row.duration_ms),
    outcome: row.outcome as TryView['outcome'],
    status: row.status === null ? null : Number(row.status),
    error: redacted(row.error, secrets),
    excerpt: redacted(row.excerpt, secrets),
  };
}

function redacted(text: unknown, secrets: readonly string[]): string | null {
  return typeof text === 'string' ? redact(text, secrets) : null;
}
