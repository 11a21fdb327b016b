import { z } from 'zod';
import { port, section, text, url } from './fields';
import { notifyTargets } from './notify-target';

const apiUrl = (whose: string) => url(['http', 'https'], `Instead of ${whose}, for a proxy or a test.`).optional();
const addresses = (description: string) =>
  z.union([text('An address.'), z.array(text('An address.')).min(1)], { error: 'expected an address, or a list of them' }).optional().describe(description);

const slack = section('Slack, by a bot.', {
  token: text('Bot token with the scope chat:write, best as "${SLACK_TOKEN}".').optional(),
  channel: text('Where it writes when nothing else is said: #alerts, or a channel id.').optional(),
  api_url: apiUrl('https://slack.com/api/'),
});

const telegram = section('Telegram, by a bot.', {
  bot_token: text('What BotFather gave, best as "${TELEGRAM_TOKEN}".').optional(),
  chat_id: text('Whom it writes to when nothing else is said: a number, or @channel.').optional(),
  api_url: apiUrl('https://api.telegram.org'),
});

const email = section('Mail, by SMTP.', {
  smtp_url: url(['smtp', 'smtps'], 'smtp://user:password@host:587, or smtps:// for TLS from the first byte. Or host and its fellows.').optional(),
  host: text('Name of the server.').optional(),
  port: port('465 speaks TLS from the first byte; others turn to it when the server offers it.').default(587),
  user: text('Name to log in with.').optional(),
  password: text('Best as "${SMTP_PASSWORD}".').optional(),
  require_tls: z.boolean().optional().describe('Send nothing without TLS. Default: true when it logs in at another machine.'),
  from: text('Sender: alerts@example.com, or "Longhaul <alerts@example.com>".').optional(),
  to: addresses('Who gets mail when nothing else is said.'),
});

const pagerduty = section('PagerDuty, by Events API v2.', {
  routing_key: text('Integration key of the service, best as "${PAGERDUTY_KEY}".').optional(),
  api_url: apiUrl('https://events.pagerduty.com'),
});

const dailySummary = z.strictObject({
  to: addresses('Who gets it; email.to when absent.'),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day such as "08:00", in quotes' })
    .default('08:00')
    .describe('When, from 00:00 to 23:59.'),
  timezone: z
    .string()
    .refine(isTimezone, { error: 'must be a time zone such as Europe/London' })
    .default('UTC')
    .describe('Of `at` and of the day.'),
});

const targets = (description: string) => notifyTargets.optional().describe(description);

export const notifications = section('Who is told when an execution ends.', {
  defaults: section('For every agent that does not say otherwise.', {
    on_complete: targets('An execution completed.'),
    on_error: targets('An execution failed, and nothing will try it again.'),
    on_timeout: targets('It failed because its time was up; on_error when absent.'),
    on_approval: targets('A person must decide on something.'),
    on_circuit_open: targets('A webhook endpoint fails so often that it is left alone for a while.'),
  }),
  slack,
  telegram,
  email,
  pagerduty,
  public_url: url(['http', 'https'], 'What links in messages begin with; server.public_url when absent.').optional(),
  templates: z
    .record(z.string(), text('The message, in Liquid.'))
    .default({})
    .describe('Texts by name, for `template` of a target: "{{ agent }} failed: {{ error.message }}".'),
  allowed_recipients: z
    .array(text('A glob: "*@example.com", "#team-*".'))
    .default([])
    .describe("Whom `to` of a request's notify may name; without any a request names channels only."),
  daily_summary: dailySummary.optional().describe('A mail a day: what ran, what failed.'),
});

function isTimezone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
