import { z } from 'zod';
import { number, seconds } from './fields';

const count = (description: string) => number({ min: 1, max: 1_000_000_000 }, description).optional();

export const profiles = z
  .record(
    z.string(),
    z.strictObject({
      timeout_s: seconds(1, 'Hard limit of one run.').optional(),
      soft_timeout_s: seconds(1, 'Limit after which a run is told to stop and may be tried again; less than timeout_s.').optional(),
      deadline_s: number(
        { min: 1, max: 31_536_000, fraction: true },
        'Limit of the whole execution, retries and waits included, from when it is due.',
      ).optional(),
      idle_timeout_s: seconds(1, 'Longest silence of a run; then it may be tried again.').optional(),
      max_turns: count('Model calls of one execution.'),
      max_tool_calls: count('Tool calls of one execution.'),
      max_tokens: count('Tokens of the model calls of one execution, in and out.'),
    }),
  )
  .default({ long_running: { timeout_s: 7200 } })
  .describe('Named sets of limits for AGENT.md. The one named default stands below every agent and every other profile.');
