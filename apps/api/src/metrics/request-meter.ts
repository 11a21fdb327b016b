import type { Metrics } from '@longhaul/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A hook for `onResponse`: counts the request under the pattern of its route, never under what was asked for. */
export function requestMeter(metrics: Metrics) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { method, routeOptions } = request;
    const labels = { method, route: routeOptions.url ?? 'unmatched', status: String(reply.statusCode) };
    metrics.observe('http', labels, reply.elapsedTime / 1_000);
    done();
  };
}
