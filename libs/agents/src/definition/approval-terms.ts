import type { ApprovalRequest } from '@longhaul/executions';
import { z } from 'zod';

const which = z.union([z.boolean(), z.array(z.string().min(1)).max(100)], {
  error: 'expected true, false, or a list of tools',
});

/** `requires_approval` of AGENT.md: the tools alone, or with how long a person has. */
export const approvalSchema = z.union(
  [
    which,
    z.strictObject({
      tools: which.optional().describe('true: all of them; absent: only those that say so themselves'),
      expires_s: z.number().min(0.1).max(31_536_000).describe('How long a person has to decide, in seconds'),
      on_expiry: z.enum(['reject', 'approve']).optional().describe('When nobody decides in time; default reject'),
    }),
  ],
  {
    error:
      'expected true, false, a list of tools, or {tools, expires_s: 0.1 to 31536000, on_expiry: reject or approve}',
  },
);

/** How long a person has to decide on what an agent wants to do, and what holds when nobody does. */
export interface ApprovalTerms {
  /** In seconds. Absent = as long as the execution lives. */
  readonly expiresS?: number;
  readonly onExpiry: 'reject' | 'approve';
}

export function approvalsOf(written: z.output<typeof approvalSchema> = false): {
  requiresApproval: boolean | readonly string[];
  approvalTerms: ApprovalTerms;
} {
  if (typeof written === 'boolean' || Array.isArray(written)) {
    return { requiresApproval: written, approvalTerms: { onExpiry: 'reject' } };
  }
  const { tools = false, expires_s: expiresS, on_expiry: onExpiry = 'reject' } = written;
  return { requiresApproval: tools, approvalTerms: { expiresS, onExpiry } };
}

/** As `waitForApproval` takes them. */
export function expiryOf({ expiresS, onExpiry }: ApprovalTerms): Pick<ApprovalRequest, 'expiresInMs' | 'onExpiry'> {
  return expiresS === undefined ? {} : { expiresInMs: Math.round(expiresS * 1_000), onExpiry };
}
