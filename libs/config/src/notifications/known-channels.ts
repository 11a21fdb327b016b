import type { GatewayConfig } from '../gateway-config';

export const CHANNELS = ['slack', 'telegram', 'email', 'pagerduty', 'webhook'] as const;
export type ChannelName = (typeof CHANNELS)[number];

export type NotificationsConfig = GatewayConfig['notifications'];

/** What a target may name in this gateway. Holds no secret. */
export interface KnownChannels {
  /** Those that can be used, with whom they tell when nothing else is said; PagerDuty tells its service, `null`. */
  readonly recipients: ReadonlyMap<ChannelName, readonly (string | null)[]>;
  /** Names of `notifications.templates`. */
  readonly templates: readonly string[];
}

/** Where nothing is configured: webhooks alone, which bring their address along. */
export const NO_CHANNELS: KnownChannels = { recipients: new Map([['webhook', []]]), templates: [] };

export function knownChannels({ slack, telegram, email, pagerduty, templates }: NotificationsConfig): KnownChannels {
  const recipients = new Map<ChannelName, readonly (string | null)[]>();
  if (slack.token !== undefined) recipients.set('slack', listOf(slack.channel));
  if (telegram.botToken !== undefined) recipients.set('telegram', listOf(telegram.chatId));
  if ((email.smtpUrl ?? email.host) !== undefined) recipients.set('email', listOf(email.to));
  if (pagerduty.routingKey !== undefined) recipients.set('pagerduty', [null]);
  recipients.set('webhook', []);
  return { recipients, templates: Object.keys(templates) };
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

/** What would make a channel usable. */
export const CHANNEL_MEND: Readonly<Record<Exclude<ChannelName, 'webhook'>, string>> = {
  slack: 'notifications.slack: { token: "${SLACK_TOKEN}", channel: "#alerts" }',
  telegram: 'notifications.telegram: { bot_token: "${TELEGRAM_TOKEN}", chat_id: "…" }',
  email: 'notifications.email: { smtp_url: "${SMTP_URL}", from: alerts@example.com, to: [ops@example.com] }',
  pagerduty: 'notifications.pagerduty: { routing_key: "${PAGERDUTY_KEY}" }',
};
