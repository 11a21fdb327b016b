import { RATE_FORM, RATE_RULE } from '@longhaul/config';
import { type Backoff, STEP_EFFECTS, type StepEffects } from '@longhaul/executions';
import { type JsonObject, NAME_PATTERN, NAME_RULE, PRIORITIES, type Priority } from '@longhaul/kernel';
import { z } from 'zod';
import { TOOL_FORMATS } from '../kinds/tool-formats';
import { TOOL_TAGS, type ToolTag } from '../tool';

/*
 * The front matter of a TOOL.md. The descriptions are what editors show (schema/tool.json). Every kind adds the object
 * that is called like it; an unknown key is refused everywhere.
 */

const retries = z.strictObject({
  max_retries: z.int().min(0).max(100).optional().describe('Tries after the first one; default 3'),
  backoff: z.enum(['exponential', 'linear', 'fixed']).optional().describe('How the waits grow; default exponential'),
  delay_s: z.number().min(0).max(86_400).optional().describe('The first wait in seconds; default 1'),
});

/** What the files of every kind have. */
const common = {
  name: z.string().optional().describe("Equals the directory's name"),
  description: z.string().min(1).describe('What it does and when to use it: a model decides by this'),
  kind: z.enum(TOOL_FORMATS.map(({ kind }) => kind)).describe('What carries it out'),
  parameters: z
    .record(z.string(), z.json())
    .optional()
    .describe('JSON Schema of the arguments, an object; absent: that of its kind, or none'),
  effects: z
    .enum(STEP_EFFECTS)
    .optional()
    .describe('What calling it again after a crash would mean; default: repeatable where it reads, else at_most_once'),
  tags: z.array(z.enum(TOOL_TAGS)).max(3).optional().describe('What it does to the world; default: that of its kind'),
  requires_approval: z.boolean().optional().describe('true: a person decides on each call'),
  timeout_s: z.number().min(0.1).max(86_400).optional().describe('Longest call in seconds; default 30'),
  max_result_chars: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Characters of its answer that a model is given; default 20000'),
  enabled: z.boolean().optional().describe('false: listed, but not offered to any model'),
  rate_limit: z
    .string()
    .regex(RATE_FORM, { error: RATE_RULE })
    .optional()
    .describe('Most calls in a time, of all workers together: "10/m"'),
  cache_ttl_s: z
    .number()
    .min(0)
    .max(31_536_000)
    .optional()
    .describe('Answers of the same arguments are kept for so many seconds'),
  queue: z
    .string()
    .regex(NAME_PATTERN, { error: `must be a queue's name: ${NAME_RULE}` })
    .optional()
    .describe('Each call is an execution of its own, made by the workers of this queue'),
  background: z.boolean().optional().describe('true: a model may start it as a job that it does not wait for'),
  priority: z
    .enum(PRIORITIES)
    .optional()
    .describe('Of such an execution, or of a job, in its queue; default "default"'),
  retries: retries.optional().describe('A call that may succeed another time is made again'),
};

export const toolSchema = z.strictObject({
  ...common,
  ...Object.fromEntries(TOOL_FORMATS.map(({ kind, schema }) => [kind, schema.optional()])),
});

/** Without the objects of the kinds, which only they know. */
export interface ToolFrontMatter {
  name?: string;
  description: string;
  kind: string;
  parameters?: JsonObject;
  effects?: StepEffects;
  tags?: ToolTag[];
  requires_approval?: boolean;
  timeout_s?: number;
  max_result_chars?: number;
  enabled?: boolean;
  rate_limit?: string;
  cache_ttl_s?: number;
  retries?: { max_retries?: number; backoff?: Backoff['kind']; delay_s?: number };
  queue?: string;
  background?: boolean;
  priority?: Priority;
}
