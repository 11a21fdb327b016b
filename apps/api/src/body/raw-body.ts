import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

const bodies = new WeakMap<FastifyRequest, Buffer>();

/** For a route whose caller signs the bytes that he sends: `rawBodyOf` has them. */
export const KeepsRawBody = () => RouteConfig({ rawBody: true });

export function rememberRawBody(request: FastifyRequest, bytes: Buffer): void {
  if ('rawBody' in request.routeOptions.config) bodies.set(request, bytes);
}

/** The body as it came, in UTF-8; empty when there was none. */
export function rawBodyOf(request: FastifyRequest): string {
  return bodies.get(request)?.toString('utf8') ?? '';
}
