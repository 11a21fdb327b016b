import type { Approval } from '@longhaul/approvals';

export function approvalView(approval: Approval) {
  const { message, schema, expiresAt, outcome } = approval;
  return {
    approval_id: approval.id,
    execution_id: approval.executionId,
    agent: approval.agent,
    step: approval.step,
    subject: approval.subject,
    ...(message === null ? {} : { message }),
    arguments: approval.arguments,
    ...(schema === null ? {} : { schema }),
    on_expiry: approval.onExpiry,
    state: approval.state,
    requested_at: approval.requestedAt.toISOString(),
    ...(expiresAt === null ? {} : { expires_at: expiresAt.toISOString() }),
    ...(outcome === null ? {} : outcomeView(outcome)),
  };
}

function outcomeView({ approved, changedArguments, feedback, by, at }: NonNullable<Approval['outcome']>) {
  return {
    decision: approved ? 'approve' : 'reject',
    ...(changedArguments === null ? {} : { changed_arguments: changedArguments }),
    ...(feedback === null ? {} : { feedback }),
    ...(by === null ? {} : { decided_by: by }),
    decided_at: at.toISOString(),
  };
}
