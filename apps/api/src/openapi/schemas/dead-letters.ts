import { DEAD_LETTER_STATES } from '@longhaul/executions';
import {
  anything,
  flag,
  integer,
  list,
  moment,
  object,
  oneOf,
  type Properties,
  ref,
  type Schema,
  text,
  texts,
  thread,
} from './schema';

const refusals: Schema = {
  type: 'array',
  items: object('What was not done, and why.', { execution_id: text, code: text, message: text }),
};
const walk = {
  refused: refusals,
  remaining: { ...integer, description: 'How many come after these.' },
  next_cursor: { type: ['string', 'null'] },
};
const deadLetter: Properties = {
  execution_id: text,
  agent: text,
  queue: text,
  reason: { ...text, description: "The error's code." },
  fingerprint: { ...text, description: 'The same cause has the same one.' },
  'error?': ref('Failure'),
  failed_at: moment,
  attempts: integer,
  max_attempts: integer,
  interruptions: { ...integer, description: 'Workers lost in a row.' },
  state: oneOf(DEAD_LETTER_STATES),
  'handled_at?': moment,
  'redriven_as?': { ...text, description: 'The execution that it is tried anew as.' },
  'discard_reason?': text,
  execution_url: text,
  runs_url: text,
};

/** What has failed, and what is done about it. */
export const DEAD_LETTER_SCHEMAS = {
  DeadLetter: object('A failed execution that somebody has to look after, or has.', deadLetter),
  DeadLetterList: list('DeadLetter'),
  DeadLetterDetail: object('With all that one needs to decide what to do about it.', {
    ...deadLetter,
    input: anything,
    ...thread,
    'retry_of?': text,
    runs: { type: 'array', items: ref('Run') },
  }),
  DeadLetterGroup: object('Dead letters with the same cause, as far as agent, code and message tell.', {
    fingerprint: text,
    reason: text,
    agent: text,
    count: integer,
    first_failed_at: moment,
    last_failed_at: moment,
    sample: object('The one of them that was submitted last.', { execution_id: text, message: text }),
  }),
  DeadLetterGroupList: list('DeadLetterGroup'),
  Redriven: object('Each as a new execution.', {
    count: integer,
    items: {
      type: 'array',
      items: object('', {
        execution_id: { ...text, description: 'The new one.' },
        retry_of: text,
        repeated: { ...flag, description: 'It was redriven before, as this one.' },
        due_at: moment,
      }),
    },
    'last_due_at?': moment,
    ...walk,
  }),
  Discarded: object('', { count: integer, execution_ids: texts, ...walk }),
} satisfies Properties;
