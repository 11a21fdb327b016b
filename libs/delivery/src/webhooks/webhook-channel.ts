import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
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
import { WebhookCall, type WebhookTarget } from './webhook-call';

const GONE = 410;
/** After the gateway's own database did not answer. */
const DATABASE_PAUSE_MS = 5_000;

interface Call {
  target: WebhookTarget;
  /** Absent: a callback_url. */
  endpoint?: CallableEndpoint;
}

interface Noted {
  kind: TryOutcome['kind'];
  status?: number;
}

/**
 * Signed HTTP calls by Standard Webhooks. The target is a registered endpoint's id, or a URL: that is signed with its
 * owner's secret for callbacks, or the operator's where he named it, has the options `{ body?: 'whole', envelope?: 'cloudevents' }`, and no circuit.
 */
@Injectable()
export class WebhookChannel extends DeliveryChannel implements OnModuleInit {
  readonly name = WEBHOOK_CHANNEL;
  private readonly logger = new Logger('Webhooks');

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
    let found: Call | TryOutcome;
    try {
      found = isId('whe', delivery.target) ? await this.toEndpoint(delivery) : await this.toCallback(delivery);
    } catch (error) {
      // The receiver has not been asked: it must not pay for it, nor be shown what a driver says.
      this.logger.warn(`${delivery.id} has to wait, the database does not answer: ${String(error)}`);
      return { kind: 'postponed', delayMs: DATABASE_PAUSE_MS, reason: 'the database does not answer' };
    }
    if ('kind' in found) return found;
    const { target, endpoint } = found;
    const call = () => this.calls.make(delivery, execution, target, signal);
    return endpoint ? this.watched(endpoint, signal, call) : call();
  }

  private async toCallback({ owner, source, target, options }: Delivery): Promise<Call> {
    const { body, envelope } = options ?? {};
    return {
      target: {
        url: target,
        secrets: [await (source === 'client' ? this.secrets.of(owner) : this.secrets.ofOperator())],
        body: body === 'whole' ? 'whole' : 'thin',
        envelope: envelope === 'cloudevents' ? 'cloudevents' : 'standard',
      },
    };
  }

  private async toEndpoint(delivery: Delivery): Promise<Call | TryOutcome> {
    const endpoint = await findCallable(this.database, delivery.target, delivery.owner);
    if (!endpoint) return never('the endpoint was removed');
    const { url, body, envelope, enabled, disabledReason } = toEndpoint(endpoint.row);
    if (!enabled) return never(`the endpoint is disabled (${disabledReason ?? 'by hand'}): enable it, and redeliver`);
    const waitMs = await this.circuit.waitMs(endpoint);
    if (waitMs !== null) {
      return { kind: 'postponed', delayMs: waitMs, reason: 'the circuit of the endpoint is open: it failed too often' };
    }
    return { target: { url, secrets: endpoint.secrets, body, envelope }, endpoint };
  }

  /** Every failure counts against the endpoint, but for a try that was stopped with its sender. */
  private async watched(
    endpoint: CallableEndpoint,
    signal: AbortSignal,
    call: () => Promise<TryOutcome>,
  ): Promise<TryOutcome> {
    try {
      const outcome = await call();
      await this.noted(endpoint, outcome);
      return outcome;
    } catch (error) {
      if (!signal.aborted || isTimeout(signal.reason)) await this.noted(endpoint, { kind: 'failed' });
      throw error;
    }
  }

  /** Best effort: where the database does not answer, what the receiver has said still counts. */
  private async noted(endpoint: CallableEndpoint, { kind, status }: Noted): Promise<void> {
    try {
      if (kind === 'delivered') await this.circuit.succeeded(endpoint);
      else if (kind === 'failed' && status === GONE) await this.circuit.disable(endpoint, 'it answered 410 Gone');
      else await this.circuit.failed(endpoint);
    } catch (error) {
      this.logger.warn(`the circuit of ${String(endpoint.row.id)} does not know of a try: ${String(error)}`);
    }
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

function never(error: string): TryOutcome {
  return { kind: 'failed', error, retryable: false };
}
