import { z } from 'zod';
import { rate, section, seconds, text, url } from './fields';

export const model = section('The model of agents that name none.', {
  default: text('provider/model.').default('demo/echo'),
});

export const PROVIDER_TYPES = ['openai', 'anthropic', 'google', 'openai-compatible'] as const;

export const providers = z
  .record(
    z.string(),
    z.strictObject({
      type: z
        .enum(PROVIDER_TYPES)
        .optional()
        .describe('Which protocol it speaks. When absent: its name, or openai-compatible when it has a base_url.'),
      api_key: text('Best as "${VARIABLE}". Else it is taken from the variable that the provider names.').optional(),
      base_url: url(['http', 'https'], 'Where it answers.').optional(),
      headers: z.record(z.string(), z.string()).optional().describe('Sent with every request.'),
      first_token_timeout_s: seconds(0.1, 'How long until the answer begins.').default(120),
      idle_timeout_s: seconds(0.1, 'How long between two pieces of the answer.').default(60),
      timeout_s: seconds(0.1, 'How long for the whole answer.').default(900),
      rate_limit: rate('Most requests in a time, of all workers together, such as 60/m; more wait.').optional(),
      token_limit: rate('Most tokens in a time, of input and output together, such as 100k/m; who comes after them waits.').optional(),
    }),
  )
  .default({})
  .describe('Model providers by name: the part before the slash of a model name.');

const dollars = z.number().min(0, { error: 'must not be negative' });

export const prices = z
  .record(
    z.string(),
    z.strictObject({
      input: dollars,
      output: dollars,
      cached_input: dollars.optional().describe("Of input that the provider has in its cache; input's when absent."),
    }),
  )
  .default({})
  .describe('US dollars per million tokens, by provider/model, over the built-in prices.');
