import { commandFields, INPUT_SCOPE } from '@longhaul/tools';
import { z } from 'zod';

const { argv, cwd, env, env_allow, retry_exit_codes, tail_kb, kill_grace_s } = commandFields(INPUT_SCOPE);

export const commandSchema = z.strictObject({
  argv,
  cwd,
  env,
  env_allow,
  progress_pattern: z
    .string()
    .superRefine((pattern, context) => {
      const error = patternError(pattern);
      if (error !== undefined) context.addIssue({ code: 'custom', message: error });
    })
    .optional()
    .describe('Regular expression, tried on each line of output: one group = percentage, two = done and total'),
  retry_exit_codes,
  max_output_kb: z
    .int()
    .min(0)
    .max(1_048_576)
    .optional()
    .describe('How much output goes to the event log, in KiB of characters; default 1024. The tails go on'),
  tail_kb,
  kill_grace_s,
});

function patternError(pattern: string): string | undefined {
  try {
    // With an empty alternative it matches anything, and the answer has a place for each group.
    const groups = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
    return groups === 0 ? 'needs a group for the percentage, as in (\\d+)%' : undefined;
  } catch (error) {
    return `is not a regular expression (${error instanceof Error ? error.message : String(error)})`;
  }
}
