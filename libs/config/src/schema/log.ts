import { z } from 'zod';
import { section } from './fields';

/** The loudest last. */
const LEVELS = ['error', 'warn', 'info', 'debug', 'verbose'] as const;

export const log = section('What the process says on stdout and stderr.', {
  level: z.enum(LEVELS).default('info').describe('The least important lines that are written.'),
  format: z
    .enum(['pretty', 'json'])
    .optional()
    .describe('Lines for people or for machines; when absent pretty on a terminal and json elsewhere.'),
  requests: z.boolean().default(false).describe('A line for each HTTP request: method, path, status, time.'),
});
