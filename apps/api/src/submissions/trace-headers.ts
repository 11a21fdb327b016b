import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

export const CORRELATION_ID = 'x-correlation-id';

/** W3C Trace Context, version 00 or a later one of the same form; ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** One for each request, so that its problem, its log and its execution speak of the same. */
const roots = new WeakMap<FastifyRequest, string>();

/** The caller's trace context, or a new root when there is none or it is malformed, as the specification asks. */
export function traceparentOf(request: FastifyRequest): string {
  const known = roots.get(request);
  if (known !== undefined) return known;
  const { traceparent } = request.headers;
  if (typeof traceparent === 'string' && TRACEPARENT.test(traceparent)) return traceparent;
  const root = newRoot();
  roots.set(request, root);
  return root;
}

/** The request is a span of ours: what comes of it is below that, and no longer directly below its caller's. */
export function adoptTraceparent(request: FastifyRequest, traceparent: string): void {
  roots.set(request, traceparent);
}

function newRoot(): string {
  const ids = randomBytes(24).toString('hex');
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-01`;
}

export function traceIdOf(request: FastifyRequest): string {
  return TRACEPARENT.exec(traceparentOf(request))?.[1] ?? '';
}
