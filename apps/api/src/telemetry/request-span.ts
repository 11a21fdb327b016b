import { beginSpan, currentTraceparent, runIn, type StartedSpan } from '@longhaul/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../problems/problem';
import { adoptTraceparent } from '../submissions/trace-headers';

const spans = new WeakMap<FastifyRequest, StartedSpan>();
/** Asked for every few seconds by machines, of which no trace tells anything. */
const SILENT = /^\/(health|metrics)\b/;

/** Begins the span of a request, below its caller's; what is done from `done` on is in it. */
export function openSpan(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const { method, routeOptions, headers } = request;
  const { url: route } = routeOptions;
  if (SILENT.test(pathOf(request))) return done();
  const started = beginSpan(route === undefined ? method : `${method} ${route}`, {
    kind: 'server',
    parent: typeof headers.traceparent === 'string' ? headers.traceparent : null,
    attributes: {
      'http.request.method': method,
      'url.path': pathOf(request),
      ...(route === undefined ? {} : { 'http.route': route }),
    },
  });
  const traceparent = currentTraceparent(started.within);
  if (traceparent !== null) adoptTraceparent(request, traceparent);
  spans.set(request, started);
  runIn(started, done);
}

/** What reads a body comes back in the context of its socket. */
export function reenterSpan(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const started = spans.get(request);
  if (started) runIn(started, done);
  else done();
}

export function closeSpan(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const started = spans.get(request);
  started?.span.setAttribute('http.response.status_code', reply.statusCode);
  if (started && reply.statusCode >= 500) started.span.setStatus({ code: 2 });
  started?.span.end();
  done();
}
