import { DELIVERY_STATUSES, type DeliveryFilter, type DeliveryStatus } from '@longhaul/delivery';
import { isId, type Issue, LonghaulError } from '@longhaul/kernel';
import {
  ChoiceField,
  FormField,
  MomentParameter,
  NumberField,
  NumberParameter,
  TextField,
  TextListField,
  TrueField,
} from '../validation/fields';
import { NestedField } from '../validation/nested-field';

/** One request has as many sent again at most; there is a cursor to the next ones. */
export const MAX_REDELIVERED = 1_000;

/** Which deliveries; all that is given must hold. */
export class DeliverySelection {
  @TextField({ description: '`webhook`, `slack`…', max: 32 })
  channel?: string;

  @TextField({ description: '`execution.completed`…', max: 64, example: 'execution.failed' })
  event?: string;

  @TextField({ description: "The agent's id.", max: 63 })
  agent?: string;

  @FormField({ description: 'Of one execution.', form: 'an id such as exec_01J…', test: (text) => isId('exec', text) })
  execution_id?: string;

  @FormField({ description: 'To one endpoint.', form: 'an id such as whe_01J…', test: (text) => isId('whe', text) })
  endpoint_id?: string;

  @MomentParameter({ description: 'Ordered after this moment.', example: '2026-11-22T10:00:00Z' })
  created_after?: string;

  @MomentParameter({ description: 'Ordered before this moment.' })
  created_before?: string;

  @ChoiceField({ description: 'Whatever became of them when absent.', choices: DELIVERY_STATUSES })
  status?: DeliveryStatus;
}

export class ListDeliveriesQuery extends DeliverySelection {
  @TextField({ description: '`next_cursor` of the page before.', max: 256 })
  cursor?: string;

  @NumberParameter({ description: 'Items of one page; 20 when absent.', min: 1, max: 100, integer: true })
  limit?: string;
}

/** Exactly one of `delivery_ids`, `filter` and `all` says which. */
export class RedeliverRequest {
  @TextListField({
    description: 'These.',
    maxItems: MAX_REDELIVERED,
    maxLength: 64,
    example: ['dlv_01JD8Z4M7T9QW2X5C6V8B0N3KX'],
  })
  delivery_ids?: string[];

  @NestedField(
    { description: 'Those that fit, oldest first; failed ones, unless `status` says otherwise.' },
    DeliverySelection,
  )
  filter?: DeliverySelection;

  @TrueField({ description: 'All that failed, oldest first.' })
  all?: true;

  @NumberField({
    description: 'With `filter` or `all`: how many in this request; 1000 when absent.',
    min: 1,
    max: MAX_REDELIVERED,
    integer: true,
  })
  max?: number;

  @TextField({ description: 'With `filter` or `all`: `next_cursor` of the answer before.', max: 256 })
  cursor?: string;
}

export function toDeliveryFilter(selection: DeliverySelection): DeliveryFilter {
  const { channel, event, agent, execution_id, endpoint_id, created_after, created_before, status } = selection;
  return {
    ...(status === undefined ? {} : { status }),
    ...(channel === undefined ? {} : { channel }),
    ...(event === undefined ? {} : { event }),
    ...(agent === undefined ? {} : { agent }),
    ...(execution_id === undefined ? {} : { executionId: execution_id }),
    ...(endpoint_id === undefined ? {} : { endpointId: endpoint_id }),
    ...(created_after === undefined ? {} : { createdAfter: Date.parse(created_after) }),
    ...(created_before === undefined ? {} : { createdBefore: Date.parse(created_before) }),
  };
}

const WAYS = ['delivery_ids', 'filter', 'all'] as const;

/** Deliveries by their ids, or by what they have in common. Throws `invalid_request`. */
export function chosenBy(dto: RedeliverRequest): { ids: string[] } | { filter: DeliveryFilter } {
  const issue = issueOf(dto);
  if (issue) throw new LonghaulError('invalid_request', `${issue.path}: ${issue.message}`, { issues: [issue] });
  if (dto.delivery_ids) return { ids: dto.delivery_ids };
  return { filter: { status: 'failed', ...toDeliveryFilter(dto.filter ?? {}) } };
}

function issueOf(dto: RedeliverRequest): Issue | undefined {
  const [way = 'all', ...more] = WAYS.filter((name) => dto[name] !== undefined && dto[name] !== null);
  const which = 'say which deliveries by exactly one of delivery_ids, filter and all';
  if (more.length > 0) return { path: way, message: `${which}, got ${[way, ...more].join(' and ')}` };
  if (dto[way] === undefined) return { path: way, message: `is missing: ${which}; all that failed is "all": true` };
  const { delivery_ids: ids, filter } = dto;
  // An empty filter is more likely a mistake than the wish to send everything again.
  if (filter && Object.keys(toDeliveryFilter(filter)).length === 0)
    return { path: way, message: 'is empty: say what to look for, or "all": true' };
  if (!ids) return undefined;
  const wrong = ids.find((id) => !isId('dlv', id));
  if (ids.length === 0) return { path: way, message: 'is empty: name at least one delivery' };
  if (wrong !== undefined) return { path: way, message: `expected ids such as dlv_01J…, got "${wrong}"` };
  const alone = (['max', 'cursor'] as const).find((name) => dto[name] !== undefined);
  return alone === undefined ? undefined : { path: alone, message: 'goes with filter and all only' };
}
