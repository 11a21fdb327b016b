import { z } from 'zod';
import type { TemplateScope } from '../template/template-scope';

/** What the shell that starts a command sets or reads by itself, or what the gateway sets: none can be named. */
const RESERVED = ['PWD', 'OLDPWD', 'SHLVL', '_', 'IFS', 'PPID', 'OPTIND'];
const OWN = ['LONGHAUL_EXECUTION_ID', 'LONGHAUL_RUN_ID', 'LONGHAUL_ATTEMPT', 'LONGHAUL_IDEMPOTENCY_KEY'];

const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "must be a variable's name: letters, digits and _" })
  .refine((name) => ![...RESERVED, ...OWN].includes(name), { error: 'is set by the gateway or the shell' });

const text = z.string().refine((value) => !value.includes('\0'), { error: 'must not hold NUL' });

/** What `command` of an AGENT.md and of a TOOL.md have in common. */
export function commandFields({ root, owner }: TemplateScope) {
  return {
    argv: z
      .array(text)
      .min(1)
      .max(1_000)
      .describe(`Program and arguments, never a shell line; arguments may hold {{${root}.x}}`),
    cwd: text
      .refine((path) => path !== '', { error: 'must name a directory' })
      .optional()
      .describe(`Working directory, inside the workspace and relative to it; default: the ${owner}'s own`),
    env: z.record(variable, text).optional().describe(`Environment of the command; values may hold {{${root}.x}}`),
    env_allow: z
      .array(variable)
      .max(100)
      .optional()
      .describe("Variables of the gateway's environment that the command gets too; it gets no other"),
    retry_exit_codes: z
      .array(z.int().min(1).max(255))
      .max(255)
      .optional()
      .describe('Exit codes after which another attempt may help (128 + n: killed by signal n); others are final'),
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
  };
}

/** A command as it is written, in an AGENT.md or a TOOL.md. */
export interface WrittenCommand {
  argv: string[];
  cwd?: string | undefined;
  env?: Record<string, string> | undefined;
  env_allow?: string[] | undefined;
  kill_grace_s?: number | undefined;
}
