import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Scope } from '@longhaul/config';
import { StreamTickets } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyRequest } from 'fastify';
import { upgradeOf } from '../streams/accept-upgrades';
import { Access } from './access';
import { type Caller, rememberCaller } from './caller';
import { type Credentials, rememberLogin, TakesTickets, ticketIn } from './takes-tickets';

/** Whose a request is: an id of the application's own, or null for nobody's, which is 401. */
export type OwnerOf = (request: FastifyRequest) => string | null | Promise<string | null>;

/** Takes the host's word for who asks: the host's guards have let the request in. Each owner sees only its own. */
export function hostGuard(ownerOf: OwnerOf): Type<CanActivate> {
  @Injectable()
  class HostGuard implements CanActivate {
    private readonly reflector = new Reflector();

    constructor(private readonly tickets: StreamTickets) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const scope = this.reflector.getAllAndOverride(Access, [context.getHandler(), context.getClass()]);
      if (scope === 'public') return true;
      if (scope === 'admin' || scope === 'metrics') {
        throw new LonghaulError('forbidden', "this route is the operator's, and the application's callers are not");
      }
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      const isSocket = this.reflector.get(TakesTickets, context.getHandler()) && upgradeOf(request.raw) !== null;
      const ticket = isSocket ? ticketIn(request) : undefined;
      const owner = ticket === undefined ? await ownerOf(request) : null;
      if (ticket !== undefined) rememberCaller(request, await byTicket(this.tickets, { ticket }));
      else if (owner) rememberCaller(request, { owner, name: owner, scopes: ['admin'], maxConcurrent: 0 });
      else if (isSocket) rememberLogin(request, (credentials) => byTicket(this.tickets, credentials));
      else {
        throw new LonghaulError('unauthenticated', 'the application does not know whose this request is');
      }
      return true;
    }
  }
  return HostGuard;
}

async function byTicket(tickets: StreamTickets, credentials: Credentials): Promise<Caller> {
  if ('key' in credentials) {
    throw new LonghaulError('unauthenticated', 'the application takes no keys here: send a ticket');
  }
  const { owner, scopes } = await tickets.redeem(credentials.ticket);
  return { owner, name: owner, scopes: scopes as Scope[], maxConcurrent: 0 };
}
