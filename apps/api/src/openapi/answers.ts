import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { ErrorCode } from '@longhaul/kernel';
import { statusOf, titleOf } from '../problems/error-status';
import type { SchemaName } from './schemas';
import { EXAMPLES } from './examples';

type Headers = Record<string, string>;

/** A success: a component schema with its example; `headers` are names with what they say. */
export function Answers(status: number, description: string, schema: SchemaName, more: More = {}): MethodDecorator {
  const { headers, stream } = more;
  return ApiResponse({
    status,
    description,
    ...(headers ? { headers: documented(headers) } : {}),
    content: {
      'application/json': { schema: ref(schema), example: EXAMPLES[schema] },
      ...(stream === undefined ? {} : { 'text/event-stream': { schema: { type: 'string' }, example: stream } }),
    },
  });
}

interface More {
  headers?: Headers;
  /** An example of the same as server-sent events. */
  stream?: string;
}

/** An answer without a body. */
export function AnswersNothing(status: number, description: string): MethodDecorator {
  return ApiResponse({ status, description });
}

/** What every route that asks for a key may answer besides. */
const ALWAYS: ErrorCode[] = [
  'invalid_request',
  'unauthenticated',
  'forbidden',
  'rate_limited',
  'unavailable',
  'internal_error',
];

/** The ways in which a route that asks for a key may fail. */
export function Fails(...codes: ErrorCode[]): MethodDecorator {
  return FailsOnly(...codes, ...ALWAYS);
}

/** The ways in which a route may fail, one response for each status. */
export function FailsOnly(...codes: ErrorCode[]): MethodDecorator {
  const byStatus = [...Map.groupBy(new Set(codes), statusOf)].sort(([a], [b]) => a - b);
  return applyDecorators(
    ...byStatus.map(([status, of]) => {
      const headers = FAILURE_HEADERS[status];
      return ApiResponse({
        status,
        description: of.map((code) => `\`${code}\`: ${titleOf(code)}.`).join(' '),
        ...(headers ? { headers: documented(headers) } : {}),
        content: { 'application/problem+json': { schema: ref('Problem') } },
      });
    }),
  );
}

/** The headers that a submission understands. */
export function SubmissionHeaders(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      description: 'The same key and body give the same execution, for 24 h unless configured otherwise.',
      schema: { type: 'string', maxLength: 255 },
      required: false,
    }),
    ApiHeader({
      name: 'Prefer',
      description: '`respond-async` for 202 at once, `wait=10` to wait up to 10 s for the result.',
      schema: { type: 'string' },
      example: 'wait=10',
      required: false,
    }),
    ApiHeader({
      name: 'X-Correlation-Id',
      description: "The caller's own id, carried through; made when absent.",
      schema: { type: 'string', maxLength: 256 },
      required: false,
    }),
    ApiHeader({
      name: 'traceparent',
      description: 'W3C Trace Context, carried through; a new root when absent or malformed.',
      schema: { type: 'string' },
      required: false,
    }),
  );
}

const FAILURE_HEADERS: Record<number, Headers> = {
  401: { 'WWW-Authenticate': 'Which kind of credentials is wanted.' },
  429: {
    'Retry-After': 'Seconds.',
    'RateLimit-Policy': 'The limit: `q` requests in `w` seconds. Also on other answers to a key that has one.',
    RateLimit: 'What is left of it: `r` requests, until the window is over in `t` seconds.',
  },
  503: { 'Retry-After': 'Seconds.' },
};

function ref(schema: SchemaName) {
  return { $ref: `#/components/schemas/${schema}` };
}

function documented(headers: Headers) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]),
  );
}
