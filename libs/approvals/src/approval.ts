import type { Row } from '@longhaul/database';
import type { StoredDecision } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';

/**
 * `expired`: nobody decided in time. `withdrawn`: nobody did, and nobody asks any more, since the execution has ended or is
 * being cancelled.
 */
export const APPROVAL_STATES = ['pending', 'decided', 'expired', 'withdrawn'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/** One thing that an execution wants a person to say yes or no to. */
export interface Approval {
  id: string;
  executionId: string;
  agent: string;
  /** The key of the step that asks. */
  step: string;
  /** A tool's name, or a few words. */
  subject: string;
  message: string | null;
  /** Exactly what will be done if it is approved as it is. */
  arguments: JsonObject;
  /** What changed arguments must fit. */
  schema: JsonObject | null;
  onExpiry: 'approve' | 'reject';
  state: ApprovalState;
  requestedAt: Date;
  expiresAt: Date | null;
  /** A person's, or what expiry means; null while it is pending, and when it was withdrawn. */
  outcome: ApprovalOutcome | null;
}

export interface ApprovalOutcome {
  approved: boolean;
  /** Null where they are what was asked for. */
  changedArguments: JsonObject | null;
  feedback: string | null;
  /** Null: nobody. */
  by: string | null;
  at: Date;
}

export function toApproval(row: Row): Approval {
  const details = JSON.parse(row.details as string) as StoredDetails;
  const state = row.state as ApprovalState;
  const expiresAt = dateOf(row.wake_at);
  const onExpiry = details.on_expiry ?? 'reject';
  return {
    id: row.id as string,
    executionId: row.execution_id as string,
    agent: row.target as string,
    step: row.step_key as string,
    subject: row.name as string,
    message: details.message ?? null,
    arguments: details.arguments ?? {},
    schema: details.schema ?? null,
    onExpiry,
    state,
    requestedAt: new Date(Number(row.created_at)),
    expiresAt,
    outcome: outcomeOf(row, state, onExpiry, expiresAt),
  };
}

interface StoredDetails {
  arguments?: JsonObject;
  schema?: JsonObject;
  message?: string;
  on_expiry?: 'approve' | 'reject';
}

function outcomeOf(
  { resolution, resolved_at: resolvedAt }: Row,
  state: ApprovalState,
  onExpiry: 'approve' | 'reject',
  expiresAt: Date | null,
): ApprovalOutcome | null {
  // The sweeper may not have been there yet: it is over all the same.
  const at = dateOf(resolvedAt) ?? expiresAt;
  if (!at || state === 'pending' || state === 'withdrawn') return null;
  if (state === 'expired') {
    return { approved: onExpiry === 'approve', changedArguments: null, feedback: null, by: null, at };
  }
  const decision = JSON.parse(resolution as string) as StoredDecision;
  return {
    approved: decision.approved,
    changedArguments: decision.arguments ?? null,
    feedback: decision.feedback ?? null,
    by: decision.decided_by ?? null,
    at,
  };
}

function dateOf(moment: unknown): Date | null {
  return moment === null || moment === undefined ? null : new Date(Number(moment));
}
