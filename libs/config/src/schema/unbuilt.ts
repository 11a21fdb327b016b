import { z } from 'zod';
import { section } from './fields';

/** Sections that are typed and checked although nothing acts on them yet: see NOT_BUILT_YET. */

const free = (description: string) => z.record(z.string(), z.unknown()).default({}).describe(description);


export const notifications = section('Who is told when an execution ends.', {
  defaults: free('What every agent notifies unless it says otherwise.'),
  slack: free('Slack.'),
  telegram: free('Telegram.'),
  email: free('Mail.'),
  pagerduty: free('PagerDuty.'),
});
