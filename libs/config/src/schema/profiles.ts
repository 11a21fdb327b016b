import { z } from 'zod';
import { number, seconds } from './fields';

const count = (description: string) => number({ min: 1, max: 1_000_000_000 }, description).optional();

export const profiles = z
  .record(
    z.string(),
    z.strictObject({
      timeout_s: seconds(1, 'Hard limit of one run.').optional(),
      soft_timeout_s: seconds(1, 'Limit after which a run is asked to end and may be tried again.').optional(),
      deadline_s: seconds(1, 'Limit of the whole execution, retries included.').optional(),
      idle_timeout_s: seconds(1, 'Limit without any event.').optional(),
      max_turns: count('Model calls of one run.'),
      max_tool_calls: count('Tool calls of one run.'),
      max_tokens: count('Tokens of one run.'),
    }),
  )
  .default({ long_running: { timeout_s: 7200 } })
  .describe('Named sets of limits for AGENT.md.');
