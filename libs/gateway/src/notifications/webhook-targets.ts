import { formatIssue, type GatewayConfig, type NotifyTarget, type NotifyTargets, readTargets } from '@longhaul/config';
import { checkWebhookUrl } from '@longhaul/delivery';
import { ConfigurationError, type Issue } from '@longhaul/kernel';

/** What forbids telling this target by a webhook, by the rule of each delivery; null for what is none. */
export function webhookTargetIssue({ http, webhooks }: GatewayConfig) {
  const rule = { allowPrivateCidrs: http.allowPrivateCidrs, allowHttp: webhooks.allowHttp };
  return ({ channel, to }: NotifyTarget, path: string): Issue | null => {
    if (channel !== 'webhook' || to === undefined) return null;
    const issue = checkWebhookUrl(to, path, rule);
    return issue && { ...issue, message: `"to" of webhook: ${issue.message}` };
  };
}

/**
 * Refuses `notifications.defaults` with a webhook that every delivery would fail on. Not said when gateway.yaml is read,
 * since the rule for URLs lies above it. Throws `ConfigurationError` with every issue.
 */
export function assertWebhookTargets(config: GatewayConfig): void {
  const issueOf = webhookTargetIssue(config);
  const issues = Object.entries(config.notifications.defaults).flatMap(([end, written]: [string, NotifyTargets]) => {
    const path = `notifications.defaults.${end.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    return readTargets(written).flatMap((target) => issueOf(target, path) ?? []);
  });
  if (issues.length > 0) throw new ConfigurationError(issues.map(formatIssue).join('\n  '), issues);
}
