import { z } from 'zod';
import { number, section, url } from './fields';

export const traces = section('OpenTelemetry traces, from the request to the call of the model.', {
  otlp_url: url(
    ['http', 'https'],
    'Where spans go by OTLP over HTTP: http://collector:4318. None are made when absent, and no SDK is loaded.',
  ).optional(),
  headers: z.record(z.string(), z.string()).default({}).describe('Header fields for the collector, such as its key.'),
  sample: number({ min: 0, max: 1, fraction: true }, 'The share of traces that begin here and are kept.').default(1),
  content: z.boolean().default(false).describe('Put what models are asked and answer into the spans.'),
});
