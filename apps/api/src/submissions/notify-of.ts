import { checkWebhookUrl } from '@longhaul/delivery';
import type { GatewayConfig } from '@longhaul/config';
import type { SubmitRequest } from '@longhaul/agents';
import { LonghaulError } from '@longhaul/kernel';
import { notifyTargetsOf } from './notify-targets';
import type { SubmissionOptions } from './submission.dto';

type Notify = NonNullable<SubmitRequest['notify']>;

/**
 * Whom a submission wants told of the end. Throws `invalid_request` for a URL that would never be called, and for whom
 * it may not name.
 */
export function notifyOf(dto: SubmissionOptions, config: GatewayConfig): Notify | undefined {
  const called = callOf(dto, config);
  const channels = dto.notify === undefined || dto.notify === null ? [] : notifyTargetsOf(dto.notify, config);
  if (channels.length === 0) return called;
  return { ...called, channels: channels.map((target) => ({ ...target })) };
}

function callOf(dto: SubmissionOptions, { http, webhooks }: GatewayConfig): Notify | undefined {
  const { callback_url, callback_body } = dto;
  if (callback_url === undefined) {
    if (callback_body === undefined) return undefined;
    const issue = { path: 'callback_body', message: 'says how callback_url is called, which is missing' };
    throw new LonghaulError('invalid_request', `callback_body: ${issue.message}`, { issues: [issue] });
  }
  const rule = { allowPrivateCidrs: http.allowPrivateCidrs, allowHttp: webhooks.allowHttp };
  const issue = checkWebhookUrl(callback_url, 'callback_url', rule);
  if (issue) throw new LonghaulError('invalid_request', `callback_url: ${issue.message}`, { issues: [issue] });
  return { callback_url, ...(callback_body === 'whole' ? { callback_body } : {}) };
}
