import { z } from 'zod';

/** Headers that the protocol sets itself, or that belong to the connection. */
const OURS =
  /^(?:host|connection|transfer-encoding|content-(?:type|length|encoding)|accept(?:-encoding)?|idempotency-key|traceparent|x-correlation-id|(?:webhook|longhaul)-.*)$/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

const isUrl = (text: string) => text.includes('${') || ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? '');
const ownHeader = (headers: Record<string, string>) =>
  Object.keys(headers).find((name) => !TOKEN.test(name) || OURS.test(name));
const seconds = z.number().min(0.1).max(86_400);

/** `http` of an AGENT.md. Its strings may hold `${NAME}`, read from the environment. */
export const httpSchema = z.strictObject({
  url: z
    .string()
    .refine(isUrl, { error: 'expected an http or https URL, such as https://agents.example.com/summary' })
    .describe('Where the agent takes a POST; may hold ${NAME}'),
  headers: z
    .record(z.string(), z.string())
    .refine((headers) => ownHeader(headers) === undefined, {
      error: (issue) => `may not set the header ${ownHeader(issue.input as Record<string, string>)}`,
    })
    .optional()
    .describe('Sent with every request, such as Authorization: "Bearer ${AGENT_TOKEN}"'),
  secret: z
    .string()
    .min(1)
    .optional()
    .describe('Signs requests and callbacks (Standard Webhooks), best as "${NAME}"; without it no answer by callback'),
  timeout_s: seconds.optional().describe('Limit of one request in seconds; default: as long as the run may take'),
  idle_timeout_s: seconds
    .optional()
    .describe('After a 202: longest silence before the run is given up and tried again'),
});
