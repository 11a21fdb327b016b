import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { retryAfterMs, SafeHttp, signWithAll } from '@longhaul/outbound';
import type { Delivery, Subject, TryOutcome } from '../delivery';
import { redactJson } from '../redact-record';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery-options';
import { type WebhookBody, webhookContent, type WebhookEnvelope } from './webhook-body';
import { checkWebhookUrl } from './webhook-url';

/** Of an answer no more is read than is kept. */
const MAX_ANSWER_BYTES = 1_024;
const GONE = 410;

export interface WebhookTarget {
  url: string;
  secrets: readonly string[];
  body: WebhookBody;
  envelope: WebhookEnvelope;
}

/** One signed call. What it answers beyond a status is not believed, only shown. */
@Injectable()
export class WebhookCall implements OnApplicationShutdown {
  private readonly http: SafeHttp;

  constructor(@Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions) {
    const { allowPrivateCidrs, resolve } = options;
    this.http = new SafeHttp({ allowPrivateCidrs, ...(resolve && { resolve }) });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  /** Throws what `SafeHttp` throws. */
  async make(delivery: Delivery, execution: Subject, target: WebhookTarget, signal: AbortSignal): Promise<TryOutcome> {
    const issue = checkWebhookUrl(target.url, 'url', this.options);
    if (issue) return { kind: 'failed', error: `${issue.message}: ${issue.hint ?? ''}`, retryable: false };
    const { secrets } = this.options;
    const options = redactJson(delivery.options, secrets) as typeof delivery.options;
    const { contentType, text: body } = webhookContent({ ...delivery, options }, execution, {
      ...target,
      publicUrl: this.options.publicUrl,
    });
    const {
      status,
      headers,
      body: answer,
    } = await this.http.request({
      method: 'POST',
      url: target.url,
      headers: {
        'content-type': contentType,
        'user-agent': 'Longhaul-Webhooks/1',
        ...signWithAll(target.secrets, delivery.id, body),
        ...carried(execution),
      },
      body,
      signal,
      timeoutMs: this.options.tryTimeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      cutsBody: true,
    });
    const said = { status, excerpt: answer.toString('utf8') };
    if (status >= 200 && status < 300) return { kind: 'delivered', ...said };
    const wait = retryAfterMs(headers['retry-after']);
    return {
      kind: 'failed',
      error: `HTTP ${status}`,
      retryable: status !== GONE,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
      ...said,
    };
  }
}

/** Code may have made an id that no header can carry. */
function carried(execution: Subject): Record<string, string> {
  if (!execution) return {};
  const { correlationId, traceparent } = execution;
  return {
    ...(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(correlationId) ? { 'x-correlation-id': correlationId } : {}),
    ...(traceparent === null ? {} : { traceparent }),
  };
}
