import { z } from 'zod';
import { seconds, text, url } from './fields';

const effects = z
  .enum(['repeatable', 'idempotent', 'at_most_once'])
  .optional()
  .describe('What calling twice would mean. Default: what the server says of the tool, at_most_once where it says nothing.');

const tags = z
  .array(z.enum(['reads_private', 'ingests_untrusted', 'sends_out']))
  .optional()
  .describe('What calls do to the world. Default: ingests_untrusted, and sends_out unless the server calls the tool read-only.');

const requiresApproval = z.boolean().optional().describe('A person decides on each call. Default: false.');

const toolSettings = z.strictObject({
  effects,
  tags,
  requires_approval: requiresApproval,
  timeout_s: seconds(0.1, "How long one call may take, instead of the server's.").optional(),
});

export const mcpServers = z
  .record(
    z.string(),
    z.strictObject({
      command: z
        .array(text('Program, then its arguments; never a shell line.'))
        .min(1)
        .optional()
        .describe('A server that is started and spoken to over its input and output.'),
      env: z.record(z.string(), z.string()).optional().describe('With command: all that its environment has, besides PATH.'),
      cwd: text('With command: where it runs, from the workspace; the workspace when absent.').optional(),
      url: url(['http', 'https'], 'A server that is spoken to over streamable HTTP.').optional(),
      headers: z.record(z.string(), z.string()).optional().describe('With url: sent with every request, such as Authorization.'),
      timeout_s: seconds(0.1, 'How long one call may take.').default(60),
      tools: z.array(text("A tool's name, as the server has it.")).optional().describe('Only these. Default: all that it has.'),
      effects,
      tags,
      requires_approval: requiresApproval,
      per_tool: z.record(z.string(), toolSettings).default({}).describe("By the tool's name at the server: what differs for it."),
    }),
  )
  .default({})
  .describe('MCP servers by name. An agent that names one in mcp_servers has its tools, as name__tool.');
