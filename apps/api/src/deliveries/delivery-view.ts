import type { DeliveryRecord, TryView } from '@longhaul/delivery';
import { isId } from '@longhaul/kernel';

export function deliveryView(delivery: DeliveryRecord) {
  const { target, executionId, agent, endedAt, nextTryAt, lastStatus, lastError } = delivery;
  return {
    delivery_id: delivery.id,
    event: delivery.event,
    channel: delivery.channel,
    ...(isId('whe', target) ? { endpoint_id: target } : { target }),
    ...(executionId === null ? {} : { execution_id: executionId }),
    ...(agent === null ? {} : { agent }),
    status: delivery.status,
    ...(delivery.sending ? { status_detail: 'sending' } : {}),
    attempt: delivery.attempt,
    created_at: delivery.createdAt.toISOString(),
    ...(nextTryAt === null ? {} : { next_attempt_at: nextTryAt.toISOString() }),
    ...(endedAt === null ? {} : { ended_at: endedAt.toISOString() }),
    ...(lastStatus === null ? {} : { last_status: lastStatus }),
    ...(lastError === null ? {} : { last_error: lastError }),
  };
}

export function deliveryDetailView(delivery: DeliveryRecord, tries: TryView[]) {
  return { ...deliveryView(delivery), tries: tries.map(tryView) };
}

function tryView({ attempt, at, durationMs, outcome, status, error, excerpt }: TryView) {
  return {
    attempt,
    at: at.toISOString(),
    duration_ms: durationMs,
    outcome,
    ...(status === null ? {} : { status }),
    ...(error === null ? {} : { error }),
    ...(excerpt === null ? {} : { excerpt }),
  };
}
