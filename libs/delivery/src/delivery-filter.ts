import type { SqlValue } from '@longhaul/database';
import type { DeliverySource, DeliveryStatus } from './entities/delivery.entity';

/** Which deliveries of one owner; all that is given must hold. */
export interface DeliveryFilter {
  status?: DeliveryStatus;
  source?: DeliverySource;
  channel?: string;
  event?: string;
  agent?: string;
  executionId?: string;
  endpointId?: string;
  /** Milliseconds, by the database's clock. */
  createdAfter?: number;
  createdBefore?: number;
}

/** Conditions on `deliveries d`, joined by AND, and their parameters. */
export function deliveryConditions(owner: string, filter: DeliveryFilter): { text: string; params: SqlValue[] } {
  const parts: [string, SqlValue | undefined][] = [
    ['d.owner =', owner],
    ['d.status =', filter.status],
    ['d.source =', filter.source],
    ['d.channel =', filter.channel],
    ['d.event =', filter.event],
    ['d.agent =', filter.agent],
    ['d.execution_id =', filter.executionId],
    ['d.target_key =', filter.endpointId],
    ['d.created_at >', filter.createdAfter],
    ['d.created_at <', filter.createdBefore],
  ];
  const given = parts.filter(([, value]) => value !== undefined);
  return {
    text: given.map(([part], index) => `${part} $${index + 1}`).join(' AND '),
    params: given.map(([, value]) => value ?? null),
  };
}
