import type { Endpoint, WithSecret } from '@longhaul/delivery';

export function endpointView(endpoint: Endpoint) {
  const { description, disabledReason, openUntil, previousSecretUntil } = endpoint;
  return {
    endpoint_id: endpoint.id,
    url: endpoint.url,
    ...(description === null ? {} : { description }),
    events: endpoint.events,
    agents: endpoint.agents,
    body: endpoint.body,
    envelope: endpoint.envelope,
    enabled: endpoint.enabled,
    ...(disabledReason === null ? {} : { disabled_reason: disabledReason }),
    failures: endpoint.failures,
    ...(openUntil === null ? {} : { paused_until: openUntil.toISOString() }),
    ...(previousSecretUntil === null ? {} : { previous_secret_until: previousSecretUntil.toISOString() }),
    created_at: endpoint.createdAt.toISOString(),
    updated_at: endpoint.updatedAt.toISOString(),
  };
}

export function endpointWithSecretView({ endpoint, secret }: WithSecret) {
  return { ...endpointView(endpoint), secret };
}
