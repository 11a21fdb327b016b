import type { FastifyRequest } from 'fastify';

/** What stands before `/v1` in the request's path: nothing, or where a host application has mounted the API. */
export function basePath({ routeOptions, url }: FastifyRequest): string {
  const route = routeOptions.url ?? '';
  const segments = route.slice(0, Math.max(route.lastIndexOf('/v1/'), 0)).split('/').length;
  return url.split('/').slice(0, segments).join('/');
}
