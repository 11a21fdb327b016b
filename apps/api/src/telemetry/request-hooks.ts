import { Logger } from '@nestjs/common';
import type { GatewayConfig } from '@longhaul/config';
import { isId } from '@longhaul/kernel';
import { type LogFields, type Metrics, withLogFields } from '@longhaul/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../problems/problem';
import { CORRELATION_ID, traceIdOf } from '../submissions/trace-headers';
import { closeSpan, openSpan, reenterSpan } from './request-span';

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** Fastify's hooks, by their names. */
export interface RequestHooks {
  onRequest: Hook[];
  preValidation: Hook[];
  onResponse: Hook[];
}

const fields = new WeakMap<FastifyRequest, LogFields>();

/** What is told of each request: the ids on the lines that are logged in it, its time, and a line of its own if wished. */
export function requestHooks(metrics: Metrics, { log, traces }: GatewayConfig): RequestHooks {
  const traced = traces.otlpUrl !== undefined;
  return {
    // The span first: the lines of the request have its trace.
    onRequest: [...(traced ? [openSpan] : []), within],
    // What reads a body comes back in the context of its socket.
    preValidation: [...(traced ? [reenterSpan] : []), within],
    onResponse: [
      ...(metrics.enabled ? [measured(metrics)] : []),
      ...(log.requests ? [logged(new Logger('HTTP'))] : []),
      ...(traced ? [closeSpan] : []),
    ],
  };
}

function within(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  withLogFields(fieldsOf(request), done);
}

function fieldsOf(request: FastifyRequest): LogFields {
  const known = fields.get(request);
  if (known) return known;
  const { [CORRELATION_ID]: correlationId } = request.headers;
  const { id } = (request.params ?? {}) as { id?: unknown };
  const found = {
    trace_id: traceIdOf(request),
    ...(typeof correlationId === 'string' ? { correlation_id: correlationId.slice(0, 256) } : {}),
    ...(typeof id === 'string' && isId('exec', id) ? { execution_id: id } : {}),
  };
  fields.set(request, found);
  return found;
}

/** Under the pattern of its route, never under what was asked for. */
function measured(metrics: Metrics): Hook {
  return ({ method, routeOptions }, reply, done) => {
    const labels = { method, route: routeOptions.url ?? 'unmatched', status: String(reply.statusCode) };
    metrics.observe('http', labels, reply.elapsedTime / 1_000);
    done();
  };
}

/** Without the query: it may hold what is nobody's business. */
function logged(logger: Logger): Hook {
  return (request, reply, done) => {
    const line = `${request.method} ${pathOf(request)} ${reply.statusCode} ${reply.elapsedTime.toFixed(1)} ms`;
    withLogFields(fieldsOf(request), () => logger.log(line));
    done();
  };
}
