import { z } from 'zod';
import { allowedHosts } from '../allowed-hosts';

/** `scrape` of a TOOL.md; `{}` is all that it needs. */
export const scrapeSchema = z.strictObject({
  allow_hosts: allowedHosts
    .min(1)
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
