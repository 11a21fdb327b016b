import type { Issue } from '@longhaul/kernel';
import { checkUrl } from '@longhaul/outbound';

export interface WebhookUrlRule {
  /** `http.allow_private_cidrs`. */
  allowPrivateCidrs: readonly string[];
  /** `webhooks.allow_http`. */
  allowHttp: boolean;
}

/**
 * What forbids calling this URL with what an execution said, or null: the rule of every outbound call, and TLS to what
 * is public. Asked when a URL is accepted and again at each delivery, since the configuration may have changed.
 */
export function checkWebhookUrl(
  text: string,
  path: string,
  { allowPrivateCidrs, allowHttp }: WebhookUrlRule,
): Issue | null {
  const issue = checkUrl(text, { path, allowPrivateCidrs });
  if (issue || allowHttp || new URL(text).protocol === 'https:') return issue;
  // What is refused but for allow_private_cidrs is a network of one's own.
  if (checkUrl(text, { path, allowPrivateCidrs: [] })) return null;
  const hint =
    'use https://, write an address within http.allow_private_cidrs, or set webhooks.allow_http: true in gateway.yaml';
  return { path, message: 'http:// sends what the execution says without encryption', hint };
}

/** What deliveries to this URL share a limit by; one host with many ports is one receiver. */
export function hostOf(url: string): string {
  return new URL(url).hostname.slice(0, 255);
}
