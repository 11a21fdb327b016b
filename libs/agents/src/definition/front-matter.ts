import { NAME_PATTERN, NAME_RULE, PRIORITIES } from '@longhaul/kernel';
import { z } from 'zod';
import { approvalSchema } from './approval-terms';
import { commandSchema } from './command-schema';
import { httpSchema } from './http-schema';
import { notificationsSchema } from './notifications-schema';
import { resultEventSchema } from './result-event';

/*
 * The front matter of an AGENT.md, in its own words. The descriptions are what editors show (schema/agent.json); what
 * nothing reads yet stands in key-tables.ts. Objects that the Python agents-gateway has too are loose, so that its
 * files load; all others refuse an unknown key.
 */

const names = z.array(z.string().min(1)).max(100);
const seconds = z.number().min(0.1).max(86_400);
const count = z.int().min(1);
const usd = z.number().min(0);
/** Only an object here; that it is a JSON Schema is found out when it is compiled. */
const jsonSchema = z.record(z.string(), z.json());

const model = z.strictObject({
  name: z.string().min(1).optional().describe('provider/model, for example demo/echo'),
  temperature: z.number().min(0).max(2).optional().describe('Sampling temperature'),
  max_tokens: count.optional().describe('Most tokens of one answer'),
  fallback: z.string().min(1).optional().describe('provider/model to use when the first one fails'),
});

const limits = z.strictObject({
  timeout_s: seconds.optional().describe('Hard limit of one run in seconds; default 3600'),
  soft_timeout_s: seconds
    .optional()
    .describe('After so many seconds the run is told to stop, and tried again; less than timeout_s'),
  deadline_s: z
    .number()
    .min(0.1)
    .max(31_536_000)
    .optional()
    .describe('Limit of the execution with all its attempts and waits; default 604800, a week'),
  idle_timeout_s: seconds
    .optional()
    .describe('Longest silence of a run in seconds, then it is tried again; default 1800'),
  max_turns: count.optional().describe('Most model calls of one execution; default 20'),
  max_tool_calls: count.optional().describe('Most tool calls of one execution; default 50'),
  max_tokens: count.optional().describe('Most tokens of its model calls, in and out; no limit when absent'),
});

const retries = z.strictObject({
  max_retries: z.int().min(0).max(100).optional().describe('Attempts after the first one'),
  backoff: z.enum(['exponential', 'linear', 'fixed']).optional().describe('How the waits grow; default exponential'),
  delay_s: z.number().min(0).max(86_400).optional().describe('The first wait in seconds; default 1'),
});

const budget = z.strictObject({
  usd_per_run: usd.optional().describe('Most US dollars of one run'),
  usd_per_day: usd.optional().describe('Most US dollars of one day'),
});

const schedule = z.looseObject({
  name: z.string().min(1).describe('Unique within the agent'),
  cron: z.string().min(1).describe('Five fields: minute hour day month weekday'),
  message: z.string().optional().describe('What the agent is asked'),
  input: z.record(z.string(), z.unknown()).optional(),
  enabled: z.boolean().optional(),
  timezone: z.string().optional().describe('IANA name, for example Europe/London'),
});

const looseOr = <T extends z.ZodType>(other: T, error: string) => z.union([other, z.looseObject({})], { error });

export const frontMatterSchema = z.strictObject({
  name: z
    .string()
    .optional()
    .describe("Equals the directory's name; a title with capitals or blanks is read as display_name"),
  description: z.string().optional().describe('One sentence, shown in the catalogue'),
  display_name: z.string().optional().describe('For people; default: the name'),
  tags: names.optional(),
  version: z
    .union([z.string(), z.number()], { error: 'expected a version such as "1.2.0"' })
    .transform(String)
    .optional(),
  enabled: z.boolean().optional().describe('false: listed, but submitting answers agent_disabled'),
  runtime: z.enum(['llm', 'command', 'http', 'code']).optional().describe('What runs it; default llm'),
  model: model.optional(),
  command: commandSchema.optional().describe('For runtime: command'),
  http: httpSchema.optional().describe('For runtime: http, a remote agent'),
  execution_mode: z.enum(['sync', 'async']).optional().describe('async answers 202 at once, whatever was asked'),
  queue: z
    .string()
    .regex(NAME_PATTERN, { error: `must be a queue's name: ${NAME_RULE}` })
    .optional()
    .describe('Over the routes of gateway.yaml'),
  priority: z.enum(PRIORITIES).optional(),
  profile: z.string().optional().describe('A named set of limits from gateway.yaml'),
  skills: names.optional().describe('Sets of tools with instructions: skills/<id>/SKILL.md'),
  tools: names.optional().describe('The tools that its model may call, and no others'),
  mcp_servers: names.optional().describe('MCP servers of gateway.yaml whose tools its model may call'),
  delegates_to: names.optional().describe('Agents that this one may ask, each by a tool ask_<id>'),
  context: names.optional().describe('Files, relative to the workspace, put before the instructions'),
  input_schema: jsonSchema.optional().describe('JSON Schema of the input of an invoke'),
  output_schema: jsonSchema.optional().describe('JSON Schema of the output'),
  memory: looseOr(z.boolean(), 'expected true, false, or an object').optional(),
  limits: limits.optional(),
  retries: retries.optional(),
  budget: budget.optional(),
  rate_limit: looseOr(z.string(), 'expected a rate such as "10/minute", or an object').optional(),
  concurrency: looseOr(count, 'expected a whole number of at least 1, or an object').optional(),
  circuit_breaker: looseOr(z.boolean(), 'expected true, false, or an object').optional(),
  requires_approval: approvalSchema.optional().describe('The tools on whose calls a person decides'),
  schedules: z.array(schedule).optional(),
  on: z
    .array(looseOr(z.string(), "expected an event's name, or an object"))
    .optional()
    .describe('Events that start it'),
  notifications: notificationsSchema.optional().describe('Instead of notifications.defaults of gateway.yaml'),
  result_event: resultEventSchema
    .optional()
    .describe('Tells other Nest services how an execution ended: docs/result-events.md'),
});

export type AgentFrontMatter = z.output<typeof frontMatterSchema>;
