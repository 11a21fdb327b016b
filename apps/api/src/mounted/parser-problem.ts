import { LonghaulError } from '@longhaul/kernel';
import type { FastifyRequest } from 'fastify';
import { contentTypeOf } from '../body/media-type';
import { ProblemError } from '../problems/problem';

/** What Fastify's own parsers refuse, in our words. What nobody meant to throw stays without its text. */
export function parserProblem(error: unknown, request: FastifyRequest, maxBodyKb: number): ProblemError {
  if (error instanceof LonghaulError) return ProblemError.of(error);
  const { code, statusCode = 500, message } = error as { code?: string; statusCode?: number; message?: string };
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
    return ours('body_required', 'the request has no body: send a JSON object, with its Content-Type');
  }
  switch (statusCode) {
    case 400:
      return ours('invalid_json', `the body is not JSON: ${message ?? 'it does not parse'}`);
    case 413:
      return ours('payload_too_large', `the body is larger than ${maxBodyKb} KiB (server.max_body_kb)`);
    case 415:
      return ours('unsupported_media_type', `${contentTypeOf(request)}: send the body as application/json`);
    default:
      return ours('internal_error', 'the gateway failed');
  }
}

function ours(...what: ConstructorParameters<typeof LonghaulError>): ProblemError {
  return ProblemError.of(new LonghaulError(...what));
}
