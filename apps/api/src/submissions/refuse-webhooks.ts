import { LonghaulError } from '@longhaul/kernel';
import { checkUrl } from '@longhaul/outbound';
import type { SubmissionOptions } from './submission.dto';

/**
 * A URL that will never be called is told so at once. What would be fine is refused too, until webhooks are built:
 * nothing is accepted in silence.
 */
export function refuseWebhooks(dto: SubmissionOptions, allowPrivateCidrs: readonly string[]): void {
  if (dto.callback_url !== undefined) {
    const issue = checkUrl(dto.callback_url, { path: 'callback_url', allowPrivateCidrs });
    if (issue) throw new LonghaulError('invalid_request', `callback_url: ${issue.message}`, { issues: [issue] });
  }
  const fields = (['callback_url', 'notify'] as const).filter((field) => dto[field] !== undefined);
  if (fields.length === 0) return;
  const hint = 'leave it out; poll poll_url, or ask it with ?wait=25';
  const issues = fields.map((path) => ({ path, message: 'webhooks are not built yet', hint }));
  throw new LonghaulError('not_supported', `${fields.join(' and ')}: webhooks are not built yet; ${hint}`, { issues });
}
