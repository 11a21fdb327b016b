import { createHash } from 'node:crypto';
import type { SubmitRequest } from '@longhaul/agents';
import { type Issue, type JsonValue, LonghaulError } from '@longhaul/kernel';
import type { FastifyRequest } from 'fastify';
import { canonicalJson } from './canonical-json';
import { CORRELATION_ID, traceparentOf } from './trace-headers';

type FromHeaders = Pick<SubmitRequest, 'correlationId' | 'traceparent' | 'idempotency'>;

const RULES = [
  { name: 'Idempotency-Key', max: 255 },
  { name: 'X-Correlation-Id', max: 256 },
];

/**
 * What the headers say of a submission; `route` is what an Idempotency-Key is unique within. Throws
 * `invalid_request`. The hash is of the body as it was sent, so a default that changes does not make it another one.
 */
export function submissionHeaders(request: FastifyRequest, route: string): FromHeaders {
  const { headers } = request;
  const issues = RULES.flatMap(({ name, max }) => headerIssue(name, headers[name.toLowerCase()], max));
  const [first] = issues;
  if (first) throw new LonghaulError('invalid_request', `${first.path}: ${first.message}`, { issues });
  const key = headers['idempotency-key'] as string | undefined;
  const correlationId = headers[CORRELATION_ID] as string | undefined;
  return {
    traceparent: traceparentOf(request),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(key === undefined
      ? {}
      : { idempotency: { route, key, bodyHash: hashOf((request.body ?? null) as JsonValue) } }),
  };
}

function headerIssue(path: string, value: unknown, max: number): Issue[] {
  if (value === undefined) return [];
  if (typeof value === 'string' && value.length <= max && /^[\x20-\x7e]+$/.test(value)) return [];
  const got = typeof value === 'string' && value.length > max ? `, got ${value.length}` : '';
  return [{ path, message: `expected 1 to ${max} printable ASCII characters${got}` }];
}

function hashOf(body: JsonValue): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex');
}
