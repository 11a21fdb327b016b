import { suggest, unknownName } from '@longhaul/kernel';
import { CHANNEL_MEND, type ChannelName, CHANNELS, type KnownChannels } from './known-channels';
import type { NotifyTarget } from './read-targets';

/** What keeps a target from being told. */
export interface TargetProblem {
  /** `unknown`: nobody has such a channel. `unconfigured`: gateway.yaml has no section for it. */
  kind: 'unknown' | 'unconfigured' | 'recipient' | 'template';
  message: string;
  hint: string;
}

/** The recipient's form, by channel, and how it is called. */
const RECIPIENTS: Readonly<Record<Exclude<ChannelName, 'pagerduty'>, { test: (to: string) => boolean; form: string }>> =
  {
    slack: { test: (to) => /^[#@]?[\p{L}\p{N}._-]{1,80}$/u.test(to), form: 'a channel such as "#alerts", or its id' },
    telegram: { test: (to) => /^(-?\d{1,20}|@\w{4,32})$/.test(to), form: 'a chat\'s number or "@channel"' },
    // What SMTP's own rules allow is more than anybody has; a comma or a line break would be a second recipient.
    email: { test: (to) => /^[^\s<>()[\]\\,;:"@]{1,64}@[^\s<>()[\]\\,;:"@]{1,255}$/.test(to), form: 'a mail address' },
    webhook: { test: isWebUrl, form: 'a URL such as https://example.com/hook' },
  };

/** What keeps this target from being told in this gateway, or undefined. */
export function targetProblem(target: NotifyTarget, known: KnownChannels): TargetProblem | undefined {
  const { channel, to, template } = target;
  if (!isChannel(channel)) {
    const hint = `there are ${CHANNELS.join(', ')}`;
    return { kind: 'unknown', message: unknownName('channel', channel, CHANNELS), hint };
  }
  const own = known.recipients.get(channel);
  if (own === undefined) {
    const mend = channel === 'webhook' ? '' : CHANNEL_MEND[channel];
    return { kind: 'unconfigured', message: `${channel} is not configured`, hint: `add to gateway.yaml: ${mend}` };
  }
  const recipient = recipientProblem(channel, to, own);
  if (recipient) return { kind: 'recipient', ...recipient };
  if (template === undefined || known.templates.includes(template)) return undefined;
  const near = suggest(template, known.templates);
  const there = known.templates.length === 0 ? 'there are none' : `there are ${known.templates.join(', ')}`;
  const hint = near === undefined ? `${there}; add it to notifications.templates in gateway.yaml` : there;
  return { kind: 'template', message: unknownName('template', template, known.templates), hint };
}

function recipientProblem(channel: ChannelName, to: string | undefined, own: readonly (string | null)[]) {
  if (channel === 'pagerduty') {
    if (to === undefined) return undefined;
    return { message: 'pagerduty takes no "to"', hint: 'the service is that of notifications.pagerduty.routing_key' };
  }
  const { test, form } = RECIPIENTS[channel];
  if (to !== undefined) {
    if (test(to)) return undefined;
    return { message: `"to" of ${channel}: expected ${form}, got ${JSON.stringify(to)}`, hint: 'correct it' };
  }
  if (own.length > 0) return undefined;
  const setting = SETTINGS[channel];
  const hint = `write { channel: ${channel}, to: … }${setting === undefined ? '' : `, or set ${setting}`}`;
  return { message: `${channel} needs "to": ${form}`, hint };
}

const SETTINGS: Readonly<Partial<Record<ChannelName, string>>> = {
  slack: 'notifications.slack.channel',
  telegram: 'notifications.telegram.chat_id',
  email: 'notifications.email.to',
};

function isChannel(name: string): name is ChannelName {
  return (CHANNELS as readonly string[]).includes(name);
}

function isWebUrl(text: string): boolean {
  return ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? '');
}
