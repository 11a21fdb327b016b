import { APPROVAL_STATES } from '@longhaul/approvals';
import { free, list, moment, object, oneOf, type Properties, text, texts } from './schema';

/** What executions wait for from outside. */
export const APPROVAL_SCHEMAS = {
  Approval: object('One thing that an execution wants a person to say yes or no to.', {
    approval_id: text,
    execution_id: text,
    agent: text,
    step: { ...text, description: 'The key of the step that asks.' },
    subject: { ...text, description: "A tool's name, or a few words." },
    'message?': { ...text, description: 'By the agent, for whoever decides.' },
    arguments: { ...free, description: 'Exactly what will be done if it is approved as it is.' },
    'schema?': { ...free, description: 'JSON Schema that changed arguments must fit.' },
    on_expiry: { ...oneOf(['approve', 'reject']), description: 'What it counts as when nobody decides in time.' },
    state: {
      ...oneOf(APPROVAL_STATES),
      description:
        '`expired`: nobody decided in time. `withdrawn`: nobody did, and the execution has ended or is being cancelled.',
    },
    requested_at: moment,
    'expires_at?': { ...moment, description: 'Absent: it does not, while the execution lives.' },
    'decision?': oneOf(['approve', 'reject']),
    'changed_arguments?': { ...free, description: 'What is done instead.' },
    'feedback?': text,
    'decided_by?': { ...text, description: 'The name of the key. Absent: it expired.' },
    'decided_at?': moment,
  }),
  ApprovalList: list('Approval'),
  EventDelivered: object('', { delivered_to: { ...texts, description: 'The executions that waited for it.' } }),
} satisfies Properties;
