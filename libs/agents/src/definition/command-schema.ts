import { z } from 'zod';

/** What the shell that starts a command sets or reads by itself, or what the gateway sets: none can be named. */
const RESERVED = ['PWD', 'OLDPWD', 'SHLVL', '_', 'IFS', 'PPID', 'OPTIND'];
const OWN = ['LONGHAUL_EXECUTION_ID', 'LONGHAUL_RUN_ID', 'LONGHAUL_ATTEMPT'];

const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "must be a variable's name: letters, digits and _" })
  .refine((name) => ![...RESERVED, ...OWN].includes(name), { error: 'is set by the gateway or the shell' });

const text = z.string().refine((value) => !value.includes('\0'), { error: 'must not hold NUL' });

export const commandSchema = z.strictObject({
  argv: z
    .array(text)
    .min(1)
    .max(1_000)
    .describe('Program and arguments, never a shell line; arguments may hold {{input.x}}'),
  cwd: text
    .refine((path) => path !== '', { error: 'must name a directory' })
    .optional()
    .describe("Working directory, inside the workspace and relative to it; default: the agent's own"),
  env: z.record(variable, text).optional().describe('Environment of the command; values may hold {{input.x}}'),
  env_allow: z
    .array(variable)
    .max(100)
    .optional()
    .describe("Variables of the gateway's environment that the command gets too; it gets no other"),
  progress_pattern: z
    .string()
    .superRefine((pattern, context) => {
      const error = patternError(pattern);
      if (error !== undefined) context.addIssue({ code: 'custom', message: error });
    })
    .optional()
    .describe('Regular expression, tried on each line of output: one group = percentage, two = done and total'),
  retry_exit_codes: z
    .array(z.int().min(1).max(255))
    .max(255)
    .optional()
    .describe('Exit codes after which another attempt may help (128 + n: killed by signal n); others are final'),
  max_output_kb: z
    .int()
    .min(0)
    .max(1_048_576)
    .optional()
    .describe('How much output goes to the event log, in KiB of characters; default 1024. The tails go on'),
  tail_kb: z
    .int()
    .min(1)
    .max(1_024)
    .optional()
    .describe('How much of the end of stdout and of stderr is in the result, in KiB of characters; default 16'),
  kill_grace_s: z
    .number()
    .min(0)
    .max(4)
    .optional()
    .describe('Seconds between SIGTERM and SIGKILL when the command must stop; default 4'),
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
