import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Scope } from '@longhaul/config';
import type { FastifyRequest } from 'fastify';

/** Who asks: whose executions are seen and made, and what is allowed. */
export interface Caller {
  readonly owner: string;
  readonly scopes: readonly Scope[];
}

const callers = new WeakMap<FastifyRequest, Caller>();

export function rememberCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** The owner on whose behalf the request is served. Throws on a route that no guard looked at. */
export const Owner = createParamDecorator((_data: undefined, context: ExecutionContext): string => {
  const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!caller) throw new Error('the route has no caller: it is public, or the guard is missing');
  return caller.owner;
});
