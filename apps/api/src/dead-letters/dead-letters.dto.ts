import { DEAD_LETTER_STATES, type DeadLetterFilter } from '@longhaul/executions';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import {
  ChoiceField,
  FormField,
  JsonField,
  MomentParameter,
  NumberField,
  NumberParameter,
  ObjectField,
  TextField,
  TextListField,
  TrueField,
} from '../validation/fields';
import { NestedField } from '../validation/nested-field';

/** One request looks after at most as many; there is a cursor to the next ones. */
export const MAX_HANDLED = 1_000;
export const DEFAULT_PER_S = 50;

const isFingerprint = (text: string) => /^[0-9a-f]{16}$/.test(text);

/** Which dead letters; all that is given must hold. */
export class DeadLetterSelection {
  @TextField({ description: "The agent's id.", max: 63 })
  agent?: string;

  @FormField({ description: 'Of one group.', form: '16 hex digits, as a group has them', test: isFingerprint })
  fingerprint?: string;

  @TextField({ description: "The error's code.", max: 64, example: 'provider_error' })
  reason?: string;

  @MomentParameter({ description: 'Failed after this moment.', example: '2026-11-22T10:00:00Z' })
  failed_after?: string;

  @MomentParameter({ description: 'Failed before this moment.' })
  failed_before?: string;
}

export class ListGroupsQuery extends DeadLetterSelection {
  @TextField({ description: '`next_cursor` of the page before.', max: 256 })
  cursor?: string;

  @NumberParameter({ description: 'Items of one page; 20 when absent.', min: 1, max: 100, integer: true })
  limit?: string;
}

export class ListDeadLettersQuery extends ListGroupsQuery {
  @ChoiceField({
    description: '`open` when absent: nobody has looked after them yet. `all`: whatever became of them.',
    choices: [...DEAD_LETTER_STATES, 'all'],
  })
  state?: (typeof DEAD_LETTER_STATES)[number] | 'all';
}

/** Exactly one of `execution_ids`, `filter` and `all` says which. */
export class Choice {
  @TextListField({
    description: 'The failed executions.',
    maxItems: MAX_HANDLED,
    maxLength: 64,
    example: ['exec_01JD8Z4M7T9QW2X5C6V8B0N3KP'],
  })
  execution_ids?: string[];

  @NestedField({ description: 'Those that are open and fit, oldest failure first.' }, DeadLetterSelection)
  filter?: DeadLetterSelection;

  @TrueField({ description: 'All that are open, oldest failure first.' })
  all?: true;

  @NumberField({
    description: 'With `filter` or `all`: how many in this request; 1000 when absent.',
    min: 1,
    max: MAX_HANDLED,
    integer: true,
  })
  max?: number;

  @TextField({ description: 'With `filter` or `all`: `next_cursor` of the answer before.', max: 256 })
  cursor?: string;
}

export class RedriveRequest extends Choice {
  @NumberField({ description: 'How many of them begin in a second; 50 when absent.', min: 0.01, max: 10_000 })
  per_s?: number;

  @NumberField({ description: 'Seconds before the first of them begins.', min: 0, max: 2_592_000, example: 0 })
  delay_s?: number;

  @JsonField({ description: 'With exactly one execution, an invoke: its input instead.', required: false })
  input?: JsonValue;

  @TextField({ description: 'With exactly one execution, a chat: its message instead.' })
  message?: string;

  @ObjectField({ description: 'With exactly one execution, a chat: its context instead.' })
  context?: JsonObject;
}

export class DiscardRequest extends Choice {
  @TextField({ description: 'Why nobody will try them anew.', max: 500, required: true, example: 'customer left' })
  reason: string;
}

export function toSelection(query: DeadLetterSelection): DeadLetterFilter {
  const { agent, fingerprint, reason, failed_after: after, failed_before: before } = query;
  return {
    ...(agent == null ? {} : { target: agent }),
    ...(fingerprint == null ? {} : { fingerprint }),
    ...(reason == null ? {} : { reason }),
    ...(after == null ? {} : { failedAfter: Date.parse(after) }),
    ...(before == null ? {} : { failedBefore: Date.parse(before) }),
  };
}
