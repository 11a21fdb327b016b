import { z } from 'zod';

/** Those that bring a text to people; a webhook is a tool of kind http. */
const PEOPLE = ['slack', 'telegram', 'email', 'pagerduty'] as const;

const recipient = z.union([z.string().min(1), z.int()], { error: 'expected a recipient, such as "#alerts"' });

/** `notify` of a TOOL.md. Only `subject` and `text` may hold `{{args.name}}`: whom it tells is the author's word. */
export const notifySchema = z.strictObject({
  channel: z.enum(PEOPLE).describe('A channel that notifications of gateway.yaml configures'),
  to: z
    .union([recipient, z.array(recipient).min(1).max(50)], { error: 'expected a recipient, or a list of them' })
    .optional()
    .describe("Instead of the channel's own; each of a list is told by itself"),
  subject: z.string().min(1).describe('One line; may hold {{args.x}}'),
  text: z.string().optional().describe('What follows; may hold {{args.x}}'),
  severity: z.enum(['info', 'error']).optional().describe('Default info'),
});

export type NotifyToolOptions = z.output<typeof notifySchema>;
