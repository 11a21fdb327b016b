import type { NotificationsConfig } from '@longhaul/config';
import { EmailNotifier } from './email/email-notifier';
import type { Notifier } from './notifier';
import { PagerDutyNotifier } from './pagerduty/pagerduty-notifier';
import { SlackNotifier } from './slack/slack-notifier';
import { TelegramNotifier } from './telegram/telegram-notifier';

/** One for each section that is configured; `source` is what alerts say that they came from. No driver is loaded. */
export function createNotifiers(config: NotificationsConfig, source: string): Notifier[] {
  const { slack, telegram, email, pagerduty } = config;
  return [
    ...(slack.token === undefined ? [] : [new SlackNotifier({ ...slack, token: slack.token })]),
    ...(telegram.botToken === undefined ? [] : [new TelegramNotifier({ ...telegram, botToken: telegram.botToken })]),
    ...(email.from === undefined ? [] : [new EmailNotifier({ ...email, from: email.from })]),
    ...(pagerduty.routingKey === undefined
      ? []
      : [new PagerDutyNotifier({ ...pagerduty, routingKey: pagerduty.routingKey, source })]),
  ];
}
