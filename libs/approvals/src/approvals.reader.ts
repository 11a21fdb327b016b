import { Injectable } from '@nestjs/common';
import { Database, type SqlValue } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { type Approval, type ApprovalState, toApproval } from './approval';

export interface ApprovalFilter {
  state?: ApprovalState;
  executionId?: string;
}

/** Reads, each on behalf of one owner: what is somebody else's is not there. */
@Injectable()
export class ApprovalsReader {
  constructor(private readonly database: Database) {}

  /** Newest first; `before` is the id of the last one seen. */
  list(owner: string, { state, executionId }: ApprovalFilter, limit: number, before?: string): Promise<Approval[]> {
    const params: SqlValue[] = [owner];
    const param = (value: SqlValue) => `$${params.push(value)}`;
    const where = [
      ...(executionId === undefined ? [] : [`w.execution_id = ${param(executionId)}`]),
      ...(before === undefined ? [] : [`w.id < ${param(before)}`]),
      ...(state === undefined ? [] : [`${this.state} = ${param(state)}`]),
      // Follows from the state; said for the index.
      ...(state === 'pending' ? ['w.resolved_at IS NULL'] : []),
    ];
    return this.find(['w.owner = $1', ...where].join(' AND '), params, limit);
  }

  /** Throws `not_found`. */
  async get(id: string, owner: string): Promise<Approval> {
    const [found] = await this.find('w.owner = $1 AND w.id = $2', [owner, id], 1);
    if (found) return found;
    throw new LonghaulError('not_found', `no approval "${id.slice(0, 64)}"; see GET /v1/approvals`);
  }

  private async find(where: string, params: SqlValue[], limit: number): Promise<Approval[]> {
    const rows = await this.database.read(
      `SELECT w.id, w.execution_id, w.step_key, w.name, w.details, w.created_at, w.wake_at, w.resolved_at, w.resolution,
              e.target, ${this.state} AS state
       FROM waits w JOIN executions e ON e.id = w.execution_id
       WHERE w.kind = 'approval' AND ${where} ORDER BY w.id DESC LIMIT $${params.length + 1}`,
      [...params, limit],
    );
    return rows.map(toApproval);
  }

  /** As `resolveWait` sees it: what it would refuse is not pending. */
  private get state(): string {
    return `CASE WHEN w.resolved_at IS NOT NULL THEN CASE WHEN w.resolution IS NULL THEN 'expired' ELSE 'decided' END
                 WHEN w.consumed_at IS NOT NULL OR e.completed_at IS NOT NULL OR e.cancel_requested_at IS NOT NULL
                 THEN 'withdrawn'
                 WHEN w.wake_at <= ${this.database.dialect.now} THEN 'expired'
                 ELSE 'pending' END`;
  }
}
