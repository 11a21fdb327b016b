import { z } from 'zod';

/** `sql` of a TOOL.md. */
export const sqlSchema = z.strictObject({
  url: z
    .string()
    .min(1)
    .describe('The database: postgres://…, or sqlite:PATH (from the workspace); ${NAME} comes from the environment'),
  query: z
    .string()
    .min(1)
    .optional()
    .describe('The one query that it asks; {{args.x}} is bound as a parameter. Absent: the model writes the query'),
  max_rows: z.int().min(1).max(10_000).optional().describe('Rows of an answer; default 200'),
  timeout_s: z
    .number()
    .min(0.1)
    .max(3_600)
    .optional()
    .describe("Longest query in seconds; default: the tool's timeout_s"),
});

export type SqlToolOptions = z.output<typeof sqlSchema>;
