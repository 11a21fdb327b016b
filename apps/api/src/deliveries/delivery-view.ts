import type { DeliveryRecord, TryView } from '@longhaul/delivery';
import { isId } from '@longhaul/kernel';
import type { Caller } from '../auth/caller';

/** What the operator named is his: others see that something left, and when, not where to, nor what was answered. */
function seesAll({ scopes }: Caller, { source }: DeliveryRecord): boolean {
  return source === 'client' || scopes.includes('admin');
}

export const deliveryView = (caller: Caller) => (delivery: DeliveryRecord) => {
  const { executionId, agent, endedAt, nextTryAt } = delivery;
  return {
    delivery_id: delivery.id,
    event: delivery.event,
    channel: delivery.channel,
    source: delivery.source,
    ...(executionId === null ? {} : { execution_id: executionId }),
    ...(agent === null ? {} : { agent }),
    status: delivery.status,
    ...(delivery.sending ? { status_detail: 'sending' } : {}),
    attempt: delivery.attempt,
    created_at: delivery.createdAt.toISOString(),
    ...(nextTryAt === null ? {} : { next_attempt_at: nextTryAt.toISOString() }),
    ...(endedAt === null ? {} : { ended_at: endedAt.toISOString() }),
    ...(seesAll(caller, delivery) ? placeView(delivery) : {}),
  };
};

function placeView({ target, lastStatus, lastError }: DeliveryRecord) {
  return {
    ...(isId('whe', target) ? { endpoint_id: target } : { target }),
    ...(lastStatus === null ? {} : { last_status: lastStatus }),
    ...(lastError === null ? {} : { last_error: lastError }),
  };
}

export function deliveryDetailView(caller: Caller, delivery: DeliveryRecord, tries: TryView[]) {
  const all = seesAll(caller, delivery);
  return { ...deliveryView(caller)(delivery), tries: tries.map((one) => tryView(one, all)) };
}

function tryView({ attempt, at, durationMs, outcome, status, error, excerpt }: TryView, all: boolean) {
  return {
    attempt,
    at: at.toISOString(),
    duration_ms: durationMs,
    outcome,
    ...(status === null || !all ? {} : { status }),
    ...(error === null || !all ? {} : { error }),
    ...(excerpt === null || !all ? {} : { excerpt }),
  };
}
