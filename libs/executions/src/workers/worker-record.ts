import type { Row } from '@longhaul/database';
import type { JsonObject } from '@longhaul/kernel';
import type { WorkerEndReason } from '../entities/worker.entity';

/** `draining`: takes nothing more. `ended`: stopped of its own will. `lost`: it died or fell silent. */
export const WORKER_STATES = ['active', 'draining', 'ended', 'lost'] as const;
export type WorkerState = (typeof WORKER_STATES)[number];

/** A worker as the operator sees it. Moments and spans in milliseconds, by the database's clock. */
export interface WorkerRecord {
  id: string;
  host: string;
  pid: number;
  version: string;
  /** Queue names and the most of each that may run here at once. */
  queues: JsonObject;
  /** Null: each request has its own. */
  slots: number | null;
  state: WorkerState;
  startedAt: number;
  renewedAt: number;
  /** How long it has not been heard of. */
  silentMs: number;
  drainRequestedAt: number | null;
  endedAt: number | null;
  endReason: WorkerEndReason | null;
  running: number;
  /** The oldest of what runs there. */
  executions: { id: string; startedAt: number }[];
}

export function toWorkerRecord(row: Row, executions: WorkerRecord['executions'], running: number): WorkerRecord {
  const moment = (name: string) => (row[name] === null ? null : Number(row[name]));
  const endedAt = moment('ended_at');
  const endReason = row.end_reason as WorkerEndReason | null;
  const drainRequestedAt = moment('drain_requested_at');
  return {
    id: row.id as string,
    host: row.host as string,
    pid: Number(row.pid),
    version: row.version as string,
    queues: JSON.parse(row.queues as string) as JsonObject,
    slots: moment('slots'),
    state: stateOf(endedAt, endReason, drainRequestedAt),
    startedAt: Number(row.started_at),
    renewedAt: Number(row.renewed_at),
    silentMs: Math.max(0, Number(row.now) - Number(row.renewed_at)),
    drainRequestedAt,
    endedAt,
    endReason,
    running,
    executions,
  };
}

function stateOf(endedAt: number | null, reason: WorkerEndReason | null, drainRequestedAt: number | null): WorkerState {
  if (endedAt !== null) return reason === 'died' || reason === 'silent' ? 'lost' : 'ended';
  return drainRequestedAt === null ? 'active' : 'draining';
}
