import { z } from 'zod';
import { commandFields } from '../../command/command-fields';
import { ARGUMENTS_SCOPE } from '../../template/template-scope';

/** `command` of a TOOL.md. */
export const commandToolSchema = z.strictObject({
  ...commandFields(ARGUMENTS_SCOPE),
  max_output_kb: z
    .int()
    .min(1)
    .max(1_048_576)
    .optional()
    .describe('More output than this stops the command, in KiB of characters; default 1024'),
});

export type CommandToolOptions = z.output<typeof commandToolSchema>;
