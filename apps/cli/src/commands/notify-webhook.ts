import type { LoadedGatewayConfig } from '@longhaul/config';
import { operatorSecret, type TryOutcome, WebhookCall } from '@longhaul/delivery';
import { deliveryOptions } from '@longhaul/gateway';
import { LonghaulError, newId } from '@longhaul/kernel';
import { UsageError } from '../usage-error';

/** One `webhook.test`, signed as webhooks are that gateway.yaml and AGENT.md name; nothing of it is kept. */
export async function sendTestWebhook(to: string, loaded: LoadedGatewayConfig, limitMs: number) {
  const { secret } = loaded.config.webhooks;
  if (secret === undefined) {
    throw new UsageError(
      'a webhook is signed here only with webhooks.secret, which gateway.yaml does not have (the gateway made one, and ' +
        'keeps it in its database): set it, or have the gateway test an endpoint: longhaul webhooks test <id>',
    );
  }
  const id = newId('dlv');
  const call = new WebhookCall(deliveryOptions(loaded));
  const delivery = {
    id,
    owner: 'operator',
    event: 'webhook.test',
    subject: id,
    executionId: null,
    agent: null,
    channel: 'webhook',
    target: to,
    source: 'operator',
    options: null,
    attempt: 1,
    createdAt: new Date(),
  } as const;
  const target = { url: to, secrets: [operatorSecret(secret)], body: 'thin', envelope: 'standard' } as const;
  const sent = { subject: `webhook.test ${id}`, text: '' };
  try {
    return { outcome: await call.make(delivery, null, target, AbortSignal.timeout(limitMs)), sent };
  } catch (error) {
    return { outcome: failureOf(error), sent };
  } finally {
    await call.onApplicationShutdown();
  }
}

function failureOf(error: unknown): TryOutcome {
  const retryable = !(error instanceof LonghaulError) || error.retryable;
  return { kind: 'failed', error: error instanceof Error ? error.message : String(error), retryable };
}
