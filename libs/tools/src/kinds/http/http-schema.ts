import { z } from 'zod';
import { allowedHosts } from '../allowed-hosts';

/** Headers that the protocol sets itself, or that the gateway does. */
const OURS = /^(?:host|connection|transfer-encoding|content-length|accept-encoding|idempotency-key|traceparent)$/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

const refusedHeader = (headers: Record<string, string>) =>
  Object.keys(headers).find((name) => !TOKEN.test(name) || OURS.test(name));
const scalar = z.union([z.string(), z.number(), z.boolean()], { error: 'expected a text, a number, true or false' });

/** `http` of a TOOL.md. Strings may hold `{{args.name}}`, and `${NAME}`, read from the environment. */
export const httpSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional().describe('Default GET'),
  url: z
    .string()
    .refine((text) => /^https?:\/\/[^/?#\s]+/i.test(text) || text.startsWith('${'), {
      error: 'expected an http or https URL, such as https://api.example.com/v1/weather',
    })
    .describe('Where it calls; {{args.x}} in path and query is URL-encoded, ${NAME} comes from the environment'),
  headers: z
    .record(z.string(), z.string())
    .refine((headers) => refusedHeader(headers) === undefined, {
      error: (issue) => `may not set the header ${refusedHeader(issue.input as Record<string, string>)}`,
    })
    .optional()
    .describe('Sent with every call, such as Authorization: "Bearer ${API_TOKEN}"'),
  query: z
    .record(z.string(), scalar)
    .optional()
    .describe('Added to the URL; a parameter whose argument is missing is left out, a list is several of it'),
  body: z
    .union([z.string(), z.record(z.string(), z.json()), z.array(z.json())], {
      error: 'expected an object (sent as JSON), a list, or a text',
    })
    .optional()
    .describe('An object or a list is sent as JSON: "{{args.x}}" alone keeps its type; a text is sent as it is'),
  allow_hosts: allowedHosts
    .optional()
    .describe('Hosts that it may call, also by redirects; default: that of url alone'),
});

export type HttpToolOptions = z.output<typeof httpSchema>;
