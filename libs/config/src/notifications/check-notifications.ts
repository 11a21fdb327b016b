import { camelize } from '../camelize';
import type { ConfigPath, PlacedIssue } from '../config-path';
import type { GatewayDocument } from '../schema/gateway-schema';
import { notifications as schema } from '../schema/notifications';
import { knownChannels } from './known-channels';
import { templateProblem } from './liquid';
import { readTargets } from './read-targets';
import { targetProblem } from './target-problem';

type Notifications = GatewayDocument['notifications'];

/** What no single key of `notifications` can tell: a section without its secret, a target that cannot be told. */
export function checkNotifications({ notifications }: GatewayDocument): PlacedIssue[] {
  const secrets = missingKeys(notifications);
  const known = knownChannels(camelize(schema, notifications));
  const targets = Object.entries(notifications.defaults).flatMap(([event, written]) =>
    readTargets(written).flatMap(({ at, ...target }): PlacedIssue[] => {
      const problem = targetProblem(target, known);
      // Of a section that is only half there its own issue is enough.
      if (!problem || (problem.kind === 'unconfigured' && secrets.some((issue) => issue.at[1] === target.channel)))
        return [];
      const { message, hint } = problem;
      return [{ at: ['notifications', 'defaults', event, ...at], message, hint }];
    }),
  );
  const templates = Object.entries(notifications.templates).flatMap(([name, text]) => {
    const problem = templateProblem(text);
    return problem ? [{ at: ['notifications', 'templates', name], ...problem }] : [];
  });
  return [...secrets, ...targets, ...templates, ...summaryIssues(notifications, known.recipients.get('email'))];
}

/** A section that says something and lacks what nothing can be sent without. */
function missingKeys({ slack, telegram, email, pagerduty }: Notifications): PlacedIssue[] {
  const server = email.smtp_url ?? email.host;
  const { port: _port, ...ofEmail } = email;
  return [
    ...missing('slack', slack, 'token', 'write token: "${SLACK_TOKEN}", a bot token (xoxb-…) with chat:write'),
    ...missing('telegram', telegram, 'bot_token', 'write bot_token: "${TELEGRAM_TOKEN}", as BotFather gave it'),
    ...missing(
      'pagerduty',
      pagerduty,
      'routing_key',
      'write routing_key: "${PAGERDUTY_KEY}", of an Events API v2 integration',
    ),
    ...(server === undefined
      ? missing('email', ofEmail, 'smtp_url', 'write smtp_url: "${SMTP_URL}", or host with port, user and password')
      : missing('email', ofEmail, 'from', 'write from: alerts@example.com')),
    ...(email.smtp_url !== undefined && email.host !== undefined
      ? [{ at: place('email', 'host'), message: 'is there beside smtp_url', hint: 'keep one of the two' }]
      : []),
    ...((email.user === undefined) === (email.password === undefined)
      ? []
      : [{ at: place('email'), message: 'has only one of user and password', hint: 'give both, or none' }]),
  ];
}

function missing(channel: string, section: object, key: string, hint: string): PlacedIssue[] {
  if (Object.keys(section).length === 0 || Object.hasOwn(section, key)) return [];
  return [{ at: place(channel, key), message: `is missing: ${channel} cannot send without it`, hint }];
}

const place = (...path: string[]): ConfigPath => ['notifications', ...path];

function summaryIssues({ daily_summary: summary }: Notifications, own: readonly unknown[] | undefined): PlacedIssue[] {
  if (summary === undefined) return [];
  if (own === undefined) {
    const hint = 'add notifications.email: { smtp_url: "${SMTP_URL}", from: alerts@example.com }';
    return [{ at: place('daily_summary'), message: 'needs notifications.email', hint }];
  }
  if (summary.to !== undefined || own.length > 0) return [];
  return [{ at: place('daily_summary'), message: 'has nobody to go to', hint: 'set its to, or email.to' }];
}
