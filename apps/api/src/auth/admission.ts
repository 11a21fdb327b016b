import { Injectable } from '@nestjs/common';
import { type ApiKeyConfig, type GatewayConfig, InjectGatewayConfig, type Scope } from '@longhaul/config';
import { StreamTickets } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddress } from '../limits/client-address';
import { RequestLimits } from '../limits/request-limits';
import type { Caller } from './caller';
import { KeyRing } from './key-ring';
import type { Credentials } from './takes-tickets';

const LOCAL: Caller = { owner: 'local', name: 'local', scopes: ['admin'], maxConcurrent: 0 };
const KEY_PARAMETERS = ['api_key', 'apikey', 'key', 'token', 'access_token'];

/** Whose a key or a ticket is, within the limits of the key and of the address. With `auth.mode: none` everybody is `local`. */
@Injectable()
export class Admission {
  private readonly keys: KeyRing | null;

  constructor(
    @InjectGatewayConfig() private readonly config: GatewayConfig,
    private readonly limits: RequestLimits,
    private readonly tickets: StreamTickets,
  ) {
    const { mode, apiKeys } = config.auth;
    this.keys = mode === 'none' ? null : new KeyRing(apiKeys);
  }

  /** Whether who shows nothing is nobody. */
  get asksForKeys(): boolean {
    return this.keys !== null;
  }

  /** By its Authorization. Throws `unauthenticated` or `rate_limited`. */
  byHeader(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    return this.letIn(request, reply, () => {
      refuseKeyInQuery(request);
      return this.keys && knownTo(this.keys, bearerOf(request));
    });
  }

  /** Redeems a ticket, or looks at a key that came otherwise than in a header. Throws the same. */
  by(credentials: Credentials, request: FastifyRequest): Promise<Caller> {
    if ('ticket' in credentials) return this.byTicket(credentials.ticket, request);
    return this.letIn(request, undefined, () => this.keys && knownTo(this.keys, credentials.key));
  }

  private async byTicket(ticket: string, request: FastifyRequest): Promise<Caller> {
    try {
      const { owner, scopes } = await this.tickets.redeem(ticket);
      return { owner, name: owner, scopes: scopes as Scope[], maxConcurrent: 0 };
    } catch (error) {
      if (error instanceof LonghaulError) await this.limits.countFailure(clientAddress(request.ip));
      throw error;
    }
  }

  /** `find` answers null where nobody is asked for a key. */
  private async letIn(
    request: FastifyRequest,
    reply: FastifyReply | undefined,
    find: () => ApiKeyConfig | null,
  ): Promise<Caller> {
    const address = clientAddress(request.ip);
    let key: ApiKeyConfig | null;
    try {
      key = find();
    } catch (error) {
      if (this.keys) await this.limits.countFailure(address, reply);
      throw error;
    }
    if (!key) return LOCAL;
    await this.limits.admit(key, address, reply);
    const { owner, name, scopes, maxConcurrent = this.config.server.rateLimit.maxConcurrent } = key;
    return { owner, name, scopes, maxConcurrent };
  }
}

/** A URL ends up in logs and histories: a key that came in one must be taken for stolen. */
export function refuseKeyInQuery({ query }: FastifyRequest): void {
  const found = Object.keys(query as object).find((name) => KEY_PARAMETERS.includes(name.toLowerCase()));
  if (found === undefined) return;
  throw new LonghaulError(
    'unauthenticated',
    `a key in the query ("${found}") is not accepted: send it in Authorization: Bearer <key> (to a WebSocket also in ` +
      'the first message), and replace it, since URLs are logged',
  );
}

function bearerOf({ headers: { authorization } }: FastifyRequest): string {
  if (authorization === undefined) {
    throw new LonghaulError('unauthenticated', 'a key is required: send Authorization: Bearer <key>');
  }
  const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (key === undefined) {
    throw new LonghaulError('unauthenticated', 'Authorization must have the form: Bearer <key>');
  }
  return key;
}

function knownTo(keys: KeyRing, key: string): ApiKeyConfig {
  const found = keys.find(key);
  if (!found) throw new LonghaulError('unauthenticated', 'the key is not known to this gateway');
  return found;
}
