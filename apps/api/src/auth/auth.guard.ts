import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddress } from '../limits/client-address';
import { RequestLimits } from '../limits/request-limits';
import { upgradeOf } from '../streams/accept-upgrades';
import { Access, assertScope } from './access';
import { Admission, refuseKeyInQuery } from './admission';
import { type Caller, rememberCaller } from './caller';
import { rememberLogin, TakesTickets, ticketIn } from './takes-tickets';

/** Lets a request in by its key, within its limits, and remembers whose it is. With `auth.mode: none` everybody is `local`. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(
    private readonly admission: Admission,
    private readonly limits: RequestLimits,
    @InjectGatewayConfig() private readonly config: GatewayConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride(Access, [context.getHandler(), context.getClass()]) ?? 'admin';
    if (access === 'public' || (access === 'metrics' && this.config.server.metrics.public)) return true;
    const scope = access === 'metrics' ? 'admin' : access;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    await this.limits.admitAddress(clientAddress(request.ip), reply);
    const isSocket = this.reflector.get(TakesTickets, context.getHandler()) && upgradeOf(request.raw) !== null;
    const caller = isSocket ? await this.ofSocket(request, reply) : await this.admission.byHeader(request, reply);
    if (caller) rememberCaller(request, assertScope(caller, scope));
    if (isSocket && (!caller || !this.admission.asksForKeys)) {
      rememberLogin(request, async (credentials) => assertScope(await this.admission.by(credentials, request), scope));
    }
    return true;
  }

  /** Null: he will say in his first message who he is. */
  private async ofSocket(request: FastifyRequest, reply: FastifyReply): Promise<Caller | null> {
    const ticket = ticketIn(request);
    if (ticket !== undefined) return this.admission.by({ ticket }, request);
    if (!this.admission.asksForKeys || request.headers.authorization !== undefined) {
      return this.admission.byHeader(request, reply);
    }
    refuseKeyInQuery(request);
    return null;
  }
}
