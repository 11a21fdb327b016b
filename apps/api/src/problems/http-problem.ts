import type { HttpException } from '@nestjs/common';
import { type ErrorCode, LonghaulError } from '@longhaul/kernel';
import type { FastifyRequest } from 'fastify';
import { contentTypeOf } from '../body/media-type';
import { pathOf, ProblemError } from './problem';
import type { RouteTable } from './route-table';

/** What the framework refused, and what a module of the operator's own threw, in our words. */
export function httpProblem(
  exception: HttpException,
  request: FastifyRequest,
  routes: RouteTable,
  maxBodyKb: number,
): ProblemError {
  const status = exception.getStatus();
  switch (status) {
    case 404:
      return unknownRoute(request, routes);
    case 413:
      return ours('payload_too_large', `the body is larger than ${maxBodyKb} KiB (server.max_body_kb)`);
    case 415:
      return ours('unsupported_media_type', `${contentTypeOf(request)}: send the body as application/json`);
    default:
      return new ProblemError({ status, code: CODES[status] ?? 'invalid_request', detail: exception.message });
  }
}

const CODES: Record<number, ErrorCode> = { 401: 'unauthenticated', 403: 'forbidden', 406: 'not_acceptable' };

function ours(code: ErrorCode, message: string): ProblemError {
  return ProblemError.of(new LonghaulError(code, message));
}

/** 405 when the path has other methods, else 404 with the path that was probably meant. */
function unknownRoute(request: FastifyRequest, routes: RouteTable): ProblemError {
  const path = pathOf(request);
  const allowed = routes.allowed(path);
  if (allowed.length > 0 && !allowed.includes(request.method)) {
    return new ProblemError({
      status: 405,
      code: 'method_not_allowed',
      detail: `${request.method} is not allowed here, only ${allowed.join(', ')}`,
      headers: { allow: allowed.join(', ') },
    });
  }
  const near = routes.nearest(path);
  const meant = near === undefined ? '' : `did you mean ${near}? `;
  return ours('not_found', `no route ${request.method} ${path.slice(0, 100)}; ${meant}GET /docs lists them all`);
}
