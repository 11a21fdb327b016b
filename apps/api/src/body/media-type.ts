import { LonghaulError } from '@longhaul/kernel';
import type { FastifyRequest } from 'fastify';

/** Whatever calls itself JSON. */
export const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

export function refuseMediaType(request: FastifyRequest): void {
  if (JSON_TYPE.test(request.headers['content-type'] ?? '')) return;
  throw new LonghaulError('unsupported_media_type', `${contentTypeOf(request)}: send the body as application/json`);
}

/** The Content-Type as a message has it. */
export function contentTypeOf(request: FastifyRequest): string {
  const type = request.headers['content-type'];
  return type === undefined ? 'no Content-Type' : `Content-Type "${type.slice(0, 100)}" is not supported`;
}
