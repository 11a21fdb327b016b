import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyRequest } from 'fastify';
import { Access } from './access';
import { rememberCaller } from './caller';

/** Whose a request is: an id of the application's own, or null for nobody's, which is 401. */
export type OwnerOf = (request: FastifyRequest) => string | null | Promise<string | null>;

/** Takes the host's word for who asks: the host's guards have let the request in. Each owner sees only its own. */
export class HostGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(private readonly ownerOf: OwnerOf) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const scope = this.reflector.getAllAndOverride(Access, [context.getHandler(), context.getClass()]);
    if (scope === 'public') return true;
    if (scope === 'admin' || scope === 'metrics') {
      throw new LonghaulError('forbidden', "this route is the operator's, and the application's callers are not");
    }
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const owner = await this.ownerOf(request);
    if (!owner) throw new LonghaulError('unauthenticated', 'the application does not know whose this request is');
    rememberCaller(request, { owner, scopes: ['admin'], maxConcurrent: 0 });
    return true;
  }
}
