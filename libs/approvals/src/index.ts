export { APPROVAL_STATES } from './approval';
export type { Approval, ApprovalState } from './approval';
export type { ApprovalFilter } from './approvals.reader';
export { ApprovalsModule } from './approvals.module';
export { ApprovalsService } from './approvals.service';
export type { Decision } from './approvals.service';
