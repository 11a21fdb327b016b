import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { isId } from '@longhaul/kernel';
import type { Delivery, Subject, TryOutcome } from '../delivery';
import { DeliveryChannel } from '../delivery-channel';
import { DeliveryChannels } from '../delivery-channels';
import { WEBHOOK_CHANNEL } from '../statements/endpoint-orders';
import { CallbackSecrets } from './callback-secrets';
import { EndpointCircuit } from './endpoint-circuit';
import { type CallableEndpoint, findCallable } from './endpoint-statements';
import { toEndpoint } from './endpoint';
import { WebhookCall } from './webhook-call';

const GONE = 410;

/**
 * Signed HTTP calls by Standard Webhooks. The target is a registered endpoint's id, or a URL: that is signed with its
 * owner's secret for callbacks, has the options `{ body?: 'whole', envelope?: 'cloudevents' }`, and no circuit.
 */
@Injectable()
export class WebhookChannel extends DeliveryChannel implements OnModuleInit {
  readonly name = WEBHOOK_CHANNEL;

  constructor(
    private readonly channels: DeliveryChannels,
    private readonly database: Database,
    private readonly calls: WebhookCall,
    private readonly secrets: CallbackSecrets,
    private readonly circuit: EndpointCircuit,
  ) {
    super();
  }

  onModuleInit(): void {
    this.channels.register(this);
  }

  async send(delivery: Delivery, execution: Subject, signal: AbortSignal): Promise<TryOutcome> {
    if (isId('whe', delivery.target)) return this.toEndpoint(delivery, execution, signal);
    const { body, envelope } = delivery.options ?? {};
    const target = {
      url: delivery.target,
      secrets: [await this.secrets.of(delivery.owner)],
      body: body === 'whole' ? ('whole' as const) : ('thin' as const),
      envelope: envelope === 'cloudevents' ? ('cloudevents' as const) : ('standard' as const),
    };
    return this.calls.make(delivery, execution, target, signal);
  }

  private async toEndpoint(delivery: Delivery, execution: Subject, signal: AbortSignal): Promise<TryOutcome> {
    const found = await findCallable(this.database, delivery.target, delivery.owner);
    if (!found) return never('the endpoint was removed');
    const { url, body, envelope, enabled, disabledReason } = toEndpoint(found.row);
    if (!enabled) return never(`the endpoint is disabled (${disabledReason ?? 'by hand'}): enable it, and redeliver`);
    const waitMs = await this.circuit.waitMs(found);
    if (waitMs !== null) {
      return { kind: 'postponed', delayMs: waitMs, reason: 'the circuit of the endpoint is open: it failed too often' };
    }
    const target = { url, secrets: found.secrets, body, envelope };
    return this.watched(found, signal, () => this.calls.make(delivery, execution, target, signal));
  }

  /** Every failure counts against the endpoint, but for a try that was stopped with its sender. */
  private async watched(
    endpoint: CallableEndpoint,
    signal: AbortSignal,
    call: () => Promise<TryOutcome>,
  ): Promise<TryOutcome> {
    try {
      const outcome = await call();
      if (outcome.kind === 'delivered') await this.circuit.succeeded(endpoint);
      else if (outcome.kind === 'failed' && outcome.status === GONE) {
        await this.circuit.disable(endpoint, 'it answered 410 Gone');
      } else await this.circuit.failed(endpoint);
      return outcome;
    } catch (error) {
      if (!signal.aborted || isTimeout(signal.reason)) await this.circuit.failed(endpoint);
      throw error;
    }
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

function never(error: string): TryOutcome {
  return { kind: 'failed', error, retryable: false };
}
