import { Injectable } from '@nestjs/common';
import { type StoredDecision, WaitsService } from '@longhaul/executions';
import { inputIssues, type Issue, type JsonObject, LonghaulError } from '@longhaul/kernel';
import type { Approval } from './approval';
import { type ApprovalFilter, ApprovalsReader } from './approvals.reader';

/** What a person says to an approval. */
export interface Decision {
  approve: boolean;
  /** Instead of those that were asked for; only with `approve`. */
  arguments?: JsonObject;
  feedback?: string;
  /** Who says so. */
  by: string;
}

/** What people are asked, and what they say to it; each on behalf of one owner. */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly reader: ApprovalsReader,
    private readonly waits: WaitsService,
  ) {}

  /** Newest first; `before` is the id of the last one seen. */
  list(owner: string, filter: ApprovalFilter, limit: number, before?: string): Promise<Approval[]> {
    return this.reader.list(owner, filter, limit, before);
  }

  /** Throws `not_found`. */
  get(id: string, owner: string): Promise<Approval> {
    return this.reader.get(id, owner);
  }

  /**
   * Once: of all who decide at the same time, and of expiry and cancellation, one comes first, and the execution goes on
   * with that. Throws `not_found`, `invalid_request` for changed arguments that do not fit (it can still be decided
   * then), `already_decided`, and `approval_over` when it has expired or nobody asks any more.
   */
  async decide(id: string, owner: string, decision: Decision): Promise<Approval> {
    const approval = await this.reader.get(id, owner);
    if (approval.state !== 'pending') throw tooLate(approval);
    if (decision.arguments) assertFit(approval, decision.arguments);
    const resolution = stored(decision);
    const event = { type: 'approval.decided', data: { ...resolution } } as const;
    const resolved = await this.waits.resolve({ waitId: id, owner, resolution: { ...resolution }, event });
    const now = await this.reader.get(id, owner);
    if (!resolved) throw tooLate(now);
    return now;
  }
}

function stored({ approve, arguments: args, feedback, by }: Decision): StoredDecision {
  return {
    approved: approve,
    ...(args === undefined ? {} : { arguments: args }),
    ...(feedback === undefined ? {} : { feedback }),
    decided_by: by,
  };
}

function assertFit({ schema }: Approval, args: JsonObject): void {
  const issues = schema ? issuesOf(schema, args) : [];
  const [first] = issues;
  if (!first) return;
  const more = issues.length > 1 ? `, and ${issues.length - 1} more: see errors` : '';
  throw new LonghaulError('invalid_request', `${first.path}: ${first.message}${more}`, { issues });
}

function issuesOf(schema: JsonObject, args: JsonObject): Issue[] {
  try {
    return inputIssues(schema, args, 'arguments');
  } catch (error) {
    // The agent's fault. What it asked for can still be decided on.
    const reason = error instanceof Error ? error.message : String(error);
    const message = `cannot be changed, the agent's schema is not usable (${reason}): approve as it is, or reject`;
    return [{ path: 'arguments', message }];
  }
}

function tooLate({ id, executionId, state, outcome, onExpiry }: Approval): LonghaulError {
  const details = { execution_id: executionId };
  const at = outcome?.at.toISOString() ?? '';
  switch (state) {
    case 'decided': {
      const what = outcome?.approved ? 'approved' : 'rejected';
      const text = `approval ${id} was ${what} by ${outcome?.by ?? 'somebody'} at ${at}: it is decided once`;
      return new LonghaulError('already_decided', text, { details });
    }
    case 'expired': {
      const what = onExpiry === 'approve' ? 'approved' : 'rejected';
      const text = `approval ${id} expired at ${at} and counts as ${what}, by nobody`;
      return new LonghaulError('approval_over', text, { details });
    }
    case 'withdrawn':
    case 'pending': {
      const text = `approval ${id} is no longer asked for: ${executionId} has ended or is being cancelled`;
      return new LonghaulError('approval_over', text, { details });
    }
  }
}
