import { z } from 'zod';
import { text } from './fields';

/** Slack's or Telegram's channel, an address, a URL: as its channel understands it. A chat's number may stand bare. */
const recipient = z.union([text('One recipient.'), z.int()], { error: 'expected a recipient, such as "#alerts"' });

const SHAPE = 'expected a channel such as slack, or { channel: slack, to: "#alerts", template: short }, or a list of these';

const notifyTarget = z.strictObject(
  {
    channel: text('slack, telegram, email, pagerduty or webhook.'),
    to: z
      .union([recipient, z.array(recipient).min(1)], { error: 'expected a recipient, or a list of them' })
      .optional()
      .describe("Instead of the channel's own; each of a list is told by itself."),
    template: text('One of notifications.templates; the built-in text when absent.').optional(),
  },
  { error: SHAPE },
);

const targetEntry = z.union([text('A channel.'), notifyTarget], { error: SHAPE });

/** Whom to tell, as people write it: in gateway.yaml, in an AGENT.md, in a request. `readTargets` reads it. */
export const notifyTargets = z.union([targetEntry, z.array(targetEntry)], { error: SHAPE });
