import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Scope } from '@longhaul/config';
import type { FastifyRequest } from 'fastify';

/** Who asks: whose executions are seen and made, and what is allowed. */
export interface Caller {
  readonly owner: string;
  /** What people call who asks: the name of his key, or the owner where there is none. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Executions of the owner that may be live at once; 0 = any number. */
  readonly maxConcurrent: number;
}

const callers = new WeakMap<FastifyRequest, Caller>();

export function rememberCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** The owner on whose behalf the request is served. Throws on a route that no guard looked at. */
export const Owner = createParamDecorator((_data: undefined, context: ExecutionContext): string => {
  return callerOf(context.switchToHttp().getRequest<FastifyRequest>()).owner;
});

/** Who the request is served for, with what he may. Throws on a route that no guard looked at. */
export const Asking = createParamDecorator((_data: undefined, context: ExecutionContext): Caller => {
  return callerOf(context.switchToHttp().getRequest<FastifyRequest>());
});

/** Throws where no guard looked at the request. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('the route has no caller: it is public, or the guard is missing');
  return caller;
}

/** Null where the guard let in somebody who will say later who he is. */
export function callerIfKnown(request: FastifyRequest): Caller | null {
  return callers.get(request) ?? null;
}
