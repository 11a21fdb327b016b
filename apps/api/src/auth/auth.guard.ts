import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type ApiKeyConfig, type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddress } from '../limits/client-address';
import { RequestLimits } from '../limits/request-limits';
import { Access } from './access';
import { type Caller, rememberCaller } from './caller';
import { KeyRing } from './key-ring';

const LOCAL: Caller = { owner: 'local', scopes: ['admin'], maxConcurrent: 0 };
const KEY_PARAMETERS = ['api_key', 'apikey', 'key', 'token', 'access_token'];

/** Lets a request in by its key, within its limits, and remembers whose it is. With `auth.mode: none` everybody is `local`. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly reflector = new Reflector();
  private readonly keys: KeyRing | null;

  constructor(
    @InjectGatewayConfig() private readonly config: GatewayConfig,
    private readonly limits: RequestLimits,
  ) {
    const { mode, apiKeys } = config.auth;
    this.keys = mode === 'none' ? null : new KeyRing(apiKeys);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride(Access, [context.getHandler(), context.getClass()]) ?? 'admin';
    if (access === 'public' || (access === 'metrics' && this.config.server.metrics.public)) return true;
    const scope = access === 'metrics' ? 'admin' : access;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    await this.limits.admitAddress(clientAddress(request.ip), http.getResponse<FastifyReply>());
    const caller = this.keys
      ? await this.letIn(request, http.getResponse<FastifyReply>(), this.keys)
      : anybody(request);
    if (!caller.scopes.includes(scope) && !caller.scopes.includes('admin')) {
      throw new LonghaulError('forbidden', `this key lacks the scope ${scope}; it has ${caller.scopes.join(', ')}`);
    }
    rememberCaller(request, caller);
    return true;
  }

  private async letIn(request: FastifyRequest, reply: FastifyReply, keys: KeyRing): Promise<Caller> {
    const key = await this.keyOf(request, reply, keys);
    await this.limits.admit(key, clientAddress(request.ip), reply);
    const { owner, scopes, maxConcurrent = this.config.server.rateLimit.maxConcurrent } = key;
    return { owner, scopes, maxConcurrent };
  }

  private async keyOf(request: FastifyRequest, reply: FastifyReply, keys: KeyRing): Promise<ApiKeyConfig> {
    try {
      refuseKeyInQuery(request);
      return authenticate(request, keys);
    } catch (error) {
      await this.limits.countFailure(clientAddress(request.ip), reply);
      throw error;
    }
  }
}

/** With `auth.mode: none`. */
function anybody(request: FastifyRequest): Caller {
  refuseKeyInQuery(request);
  return LOCAL;
}

/** A URL ends up in logs and histories: a key that came in one must be taken for stolen. */
function refuseKeyInQuery({ query }: FastifyRequest): void {
  const found = Object.keys(query as object).find((name) => KEY_PARAMETERS.includes(name.toLowerCase()));
  if (found === undefined) return;
  throw new LonghaulError(
    'unauthenticated',
    `a key in the query ("${found}") is not accepted: send it in Authorization: Bearer <key>, and replace it, since URLs are logged`,
  );
}

function authenticate(request: FastifyRequest, keys: KeyRing): ApiKeyConfig {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    throw new LonghaulError('unauthenticated', 'a key is required: send Authorization: Bearer <key>');
  }
  const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (key === undefined) {
    throw new LonghaulError('unauthenticated', 'Authorization must have the form: Bearer <key>');
  }
  const found = keys.find(key);
  if (!found) throw new LonghaulError('unauthenticated', 'the key is not known to this gateway');
  return found;
}
