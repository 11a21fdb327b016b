import { z } from 'zod';
import { number, seconds, section, text } from './fields';

/** Of Standard Webhooks: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. */
const STANDARD_SCHEDULE_S = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

const circuit = section('When an endpoint that fails is left alone for a while.', {
  failures: number({ min: 1, max: 1_000_000 }, 'Failed tries in a row, of all its deliveries.').default(10),
  open_s: seconds(0.1, 'How long nothing is sent to it; then one delivery tries whether it is back.').default(60),
});

export const webhooks = section('What leaves when something happened: signed calls, and how all deliveries are tried.', {
  timeout_s: seconds(0.1, 'How long one try may take.').default(15),
  retry_schedule_s: z
    .array(seconds(0, 'Seconds before the next try.'))
    .max(50, { error: 'must have at most 50 entries' })
    .default(STANDARD_SCHEDULE_S)
    .describe('The pauses between tries, each with up to a fifth of jitter: one try more than entries. [] = one try.'),
  concurrency: number({ min: 1, max: 10_000 }, 'Deliveries that one process sends at once.').default(32),
  per_host: number({ min: 1, max: 10_000 }, 'Of these to one host.').default(8),
  secret: text('What the secrets for callback_url are made from; one is made and kept in the database when absent.', {
    pattern: /^.{16,}$/,
    rule: 'must be at least 16 characters: openssl rand -hex 24',
  }).optional(),
  allow_http: z
    .boolean()
    .default(false)
    .describe('Call public hosts without TLS. Hosts within http.allow_private_cidrs may always be called so.'),
  circuit,
});
