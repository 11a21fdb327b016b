import { Reflector } from '@nestjs/core';
import type { Scope } from '@longhaul/config';
import { LonghaulError } from '@longhaul/kernel';
import type { Caller } from './caller';

/**
 * What a route asks of the caller's key: a scope, or nothing. `metrics`: `admin`, or nothing where
 * `server.metrics.public` says so. A route that does not say wants `admin`.
 */
export const Access = Reflector.createDecorator<Scope | 'public' | 'metrics'>();

/** The caller, or `forbidden`. */
export function assertScope(caller: Caller, scope: Scope): Caller {
  if (caller.scopes.includes(scope) || caller.scopes.includes('admin')) return caller;
  throw new LonghaulError('forbidden', `this key lacks the scope ${scope}; it has ${caller.scopes.join(', ')}`);
}
