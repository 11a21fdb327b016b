import type { Row } from '@longhaul/database';
import type { Failure } from '@longhaul/kernel';
import type { DeadLetter, Handling } from '../entities/dead-letter.entity';
import { OPEN } from '../entities/dead-letter.entity';

/** A dead letter with what its execution's record says of the failure. */
export interface DeadLetterRecord extends Omit<DeadLetter, 'owner' | 'message'> {
  error: Failure | null;
  attempt: number;
  maxAttempts: number;
  interruptions: number;
}

/** Dead letters with the same cause, as far as can be told. */
export interface DeadLetterGroup {
  fingerprint: string;
  reason: string;
  target: string;
  count: number;
  firstFailedAt: number;
  lastFailedAt: number;
  /** The one of them that was submitted last. */
  sample: { executionId: string; message: string };
}

export const RECORD_COLUMNS = `d.execution_id, d.target, d.queue, d.reason, d.fingerprint, d.failed_at, d.handled_at,
  d.handling, d.redriven_as, d.discard_reason, e.error, e.attempt, e.max_attempts, e.interruptions`;

export function toDeadLetterRecord(row: Row): DeadLetterRecord {
  return {
    executionId: row.execution_id as string,
    target: row.target as string,
    queue: row.queue as string,
    reason: row.reason as string,
    fingerprint: row.fingerprint as string,
    failedAt: Number(row.failed_at),
    handledAt: row.handled_at === null ? null : Number(row.handled_at),
    handling: row.handling as DeadLetter['handling'],
    redrivenAs: row.redriven_as as string | null,
    discardReason: row.discard_reason as string | null,
    error: row.error === null ? null : (JSON.parse(row.error as string) as Failure),
    attempt: Number(row.attempt),
    maxAttempts: Number(row.max_attempts),
    interruptions: Number(row.interruptions),
  };
}

export function toDeadLetterGroup(row: Row): DeadLetterGroup {
  return {
    fingerprint: row.fingerprint as string,
    reason: row.reason as string,
    target: row.target as string,
    count: Number(row.count),
    firstFailedAt: Number(row.first_at),
    lastFailedAt: Number(row.last_at),
    sample: { executionId: row.sample as string, message: row.message as string },
  };
}

/** Its handling as one word, to compare with at a redrive. */
export function handlingOf({ redrivenAs, handling }: Pick<DeadLetter, 'redrivenAs' | 'handling'>): Handling {
  return redrivenAs ?? handling ?? OPEN;
}
