import type { Delivery, RedeliverRequest } from '@longhaul/client';
import { type AllFlags, wayOf } from './chosen';

export interface SelectDeliveriesFlags {
  status?: Delivery['status'];
  event?: string;
  agent?: string;
  execution?: string;
  endpoint?: string;
  channel?: string;
  createdAfter?: string;
  createdBefore?: string;
}

export interface ChooseDeliveriesFlags extends SelectDeliveriesFlags, AllFlags {}

type Selection = NonNullable<RedeliverRequest['filter']>;
type Choice = Pick<RedeliverRequest, 'delivery_ids' | 'filter' | 'all'>;

export function deliverySelectionOf(flags: SelectDeliveriesFlags): Selection {
  const { status, event, agent, execution, endpoint, channel, createdAfter, createdBefore } = flags;
  return {
    ...(status === undefined ? {} : { status }),
    ...(event === undefined ? {} : { event }),
    ...(agent === undefined ? {} : { agent }),
    ...(execution === undefined ? {} : { execution_id: execution }),
    ...(endpoint === undefined ? {} : { endpoint_id: endpoint }),
    ...(channel === undefined ? {} : { channel }),
    ...(createdAfter === undefined ? {} : { created_after: createdAfter }),
    ...(createdBefore === undefined ? {} : { created_before: createdBefore }),
  };
}

/** Which deliveries: ids, flags, or `--all`, one of them. Throws `UsageError`. */
export function deliveryChoiceOf(ids: string[], flags: ChooseDeliveriesFlags): Choice {
  const way = wayOf(ids, deliverySelectionOf(flags), flags, '--endpoint');
  return 'ids' in way ? { delivery_ids: way.ids } : way;
}
