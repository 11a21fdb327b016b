import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { AuthConfig } from '@longhaul/config';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyRequest } from 'fastify';
import { Access } from './access';
import { type Caller, rememberCaller } from './caller';
import { KeyRing } from './key-ring';

const LOCAL: Caller = { owner: 'local', scopes: ['admin'] };
const KEY_PARAMETERS = ['api_key', 'apikey', 'key', 'token', 'access_token'];

/** Lets a request in by its key, and remembers whose it is. With `auth.mode: none` everybody is `local`. */
export class AuthGuard implements CanActivate {
  private readonly reflector = new Reflector();
  private readonly keys: KeyRing | null;

  constructor({ mode, apiKeys }: AuthConfig) {
    this.keys = mode === 'none' ? null : new KeyRing(apiKeys);
  }

  canActivate(context: ExecutionContext): boolean {
    const scope = this.reflector.getAllAndOverride(Access, [context.getHandler(), context.getClass()]) ?? 'admin';
    if (scope === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    refuseKeyInQuery(request);
    const caller = this.keys ? authenticate(request, this.keys) : LOCAL;
    if (!caller.scopes.includes(scope) && !caller.scopes.includes('admin')) {
      throw new LonghaulError('forbidden', `this key lacks the scope ${scope}; it has ${caller.scopes.join(', ')}`);
    }
    rememberCaller(request, caller);
    return true;
  }
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

function authenticate(request: FastifyRequest, keys: KeyRing): Caller {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    throw new LonghaulError('unauthenticated', 'a key is required: send Authorization: Bearer <key>');
  }
  const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (key === undefined) {
    throw new LonghaulError('unauthenticated', 'Authorization must have the form: Bearer <key>');
  }
  const caller = keys.find(key);
  if (!caller) throw new LonghaulError('unauthenticated', 'the key is not known to this gateway');
  return caller;
}
