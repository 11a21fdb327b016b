import { z } from 'zod';

const HOST = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$|^\[[0-9a-f:.]+\]$/i;

/** `scrape` of a TOOL.md; `{}` is all that it needs. */
export const scrapeSchema = z.strictObject({
  allow_hosts: z
    .array(z.string().regex(HOST, { error: 'expected a host such as example.com or *.example.com' }))
    .min(1)
    .max(100)
    .optional()
    .describe('Hosts that it may read, also by redirects; default: all public ones'),
  max_chars: z
    .int()
    .min(100)
    .max(1_000_000)
    .optional()
    .describe('Characters of text; default: what max_result_chars has room for'),
  respect_robots: z.boolean().optional().describe('false: reads also what robots.txt forbids; default true'),
});

export type ScrapeToolOptions = z.output<typeof scrapeSchema>;
