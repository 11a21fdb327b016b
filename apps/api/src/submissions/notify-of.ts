import { checkWebhookUrl } from '@longhaul/delivery';
import type { GatewayConfig } from '@longhaul/config';
import type { SubmitRequest } from '@longhaul/agents';
import { LonghaulError } from '@longhaul/kernel';
import type { SubmissionOptions } from './submission.dto';

type Notify = NonNullable<SubmitRequest['notify']>;

/**
 * Whom a submission wants told of the end. A URL that would never be called is told so at once. `notify` is refused until
 * it is built: nothing is accepted in silence.
 */
export function notifyOf(dto: SubmissionOptions, { http, webhooks }: GatewayConfig): Notify | undefined {
  if (dto.notify !== undefined) {
    const issue = { path: 'notify', message: 'is not built yet', hint: 'leave it out; use callback_url' };
    throw new LonghaulError('not_supported', `notify: ${issue.message}; ${issue.hint}`, { issues: [issue] });
  }
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
