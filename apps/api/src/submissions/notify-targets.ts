import {
  type GatewayConfig,
  isAllowedRecipient,
  knownChannels,
  type NotifyTarget,
  notifyTargets,
  type PlacedTarget,
  readTargets,
  targetProblem,
} from '@longhaul/config';
import { checkWebhookUrl } from '@longhaul/delivery';
import { type Issue, type JsonValue, LonghaulError } from '@longhaul/kernel';

const MAX_RECIPIENTS = 20;

/**
 * Whom `notify` of a request names, checked: each channel is there, each recipient is one whom a request may name. Throws
 * `invalid_request` with every issue.
 */
export function notifyTargetsOf(written: JsonValue, config: GatewayConfig): NotifyTarget[] {
  const parsed = notifyTargets.safeParse(written);
  if (!parsed.success) {
    throw refused(parsed.error.issues.map(({ path, message }) => ({ path: placeOf(path as string[]), message })));
  }
  const targets = readTargets(parsed.data);
  if (targets.length > MAX_RECIPIENTS) {
    throw refused([
      { path: 'notify', message: `expected at most ${MAX_RECIPIENTS} recipients, got ${targets.length}` },
    ]);
  }
  const issues = targets.flatMap((target) => issueOf(target, config) ?? []);
  if (issues.length > 0) throw refused(issues);
  return targets.map(({ at: _at, ...target }) => target);
}

function issueOf({ at, ...target }: PlacedTarget, config: GatewayConfig): Issue | undefined {
  const { notifications, http, webhooks } = config;
  const path = placeOf(at);
  const problem = targetProblem(target, knownChannels(notifications));
  if (problem) return { path, message: problem.message, hint: problem.hint };
  const { channel, to } = target;
  if (to === undefined) return undefined;
  if (channel === 'webhook') {
    const rule = { allowPrivateCidrs: http.allowPrivateCidrs, allowHttp: webhooks.allowHttp };
    return checkWebhookUrl(to, path, rule) ?? undefined;
  }
  if (isAllowedRecipient(to, notifications.allowedRecipients)) return undefined;
  const hint = 'leave out "to", or have it added to notifications.allowed_recipients of the gateway';
  return { path, message: `${JSON.stringify(to)} is nobody whom a request may name`, hint };
}

function refused(issues: Issue[]): LonghaulError {
  const [first] = issues;
  const hint = first?.hint === undefined ? '' : `; ${first.hint}`;
  return new LonghaulError('invalid_request', `${first?.path}: ${first?.message}${hint}`, { issues });
}

/** `notify[0].to[1]` */
function placeOf(at: readonly (string | number)[]): string {
  return at.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${part}`),
    'notify',
  );
}
