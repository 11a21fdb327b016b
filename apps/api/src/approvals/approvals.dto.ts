import { APPROVAL_STATES, type ApprovalFilter, type ApprovalState, type Decision } from '@longhaul/approvals';
import { isId, type JsonObject, LonghaulError } from '@longhaul/kernel';
import type { Caller } from '../auth/caller';
import { ChoiceField, FormField, NumberParameter, ObjectField, TextField } from '../validation/fields';

export class ListApprovalsQuery {
  @ChoiceField({ description: 'Whatever became of them when absent.', choices: APPROVAL_STATES })
  state?: ApprovalState;

  @FormField({ description: 'Of one execution.', form: 'an id such as exec_01J…', test: (text) => isId('exec', text) })
  execution_id?: string;

  @TextField({ description: '`next_cursor` of the page before.', max: 256 })
  cursor?: string;

  @NumberParameter({ description: 'Items of one page; 20 when absent.', min: 1, max: 100, integer: true })
  limit?: string;
}

export class DecisionRequest {
  @ChoiceField({ description: 'Yes or no.', choices: ['approve', 'reject'], required: true, example: 'approve' })
  decision: 'approve' | 'reject';

  @ObjectField({
    description:
      'With `approve`: these instead of those that were asked for. They must fit the `schema` of the approval.',
    example: { order: 4711, euro: 20 },
  })
  arguments?: JsonObject;

  @TextField({ description: 'Why; the agent gets to read it.', max: 4_000, example: 'Half of it.' })
  feedback?: string;
}

export function toApprovalFilter({ state, execution_id }: ListApprovalsQuery): ApprovalFilter {
  return {
    ...(state === undefined ? {} : { state }),
    ...(execution_id === undefined ? {} : { executionId: execution_id }),
  };
}

/** Throws `invalid_request`. */
export function toDecision({ decision, arguments: args, feedback }: DecisionRequest, { name }: Caller): Decision {
  if (decision === 'reject' && args !== undefined) {
    const issue = { path: 'arguments', message: 'goes with "decision": "approve" only; say in feedback what you want' };
    throw new LonghaulError('invalid_request', `${issue.path}: ${issue.message}`, { issues: [issue] });
  }
  return {
    approve: decision === 'approve',
    ...(args === undefined ? {} : { arguments: args }),
    ...(feedback === undefined ? {} : { feedback }),
    by: name,
  };
}
