import { Reflector } from '@nestjs/core';
import type { Scope } from '@longhaul/config';

/**
 * What a route asks of the caller's key: a scope, or nothing. `metrics`: `admin`, or nothing where
 * `server.metrics.public` says so. A route that does not say wants `admin`.
 */
export const Access = Reflector.createDecorator<Scope | 'public' | 'metrics'>();
