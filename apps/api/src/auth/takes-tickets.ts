import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller';

/** Marks the route of a stream: a ticket lets in as well, in the URL or, like a key, in the first message. */
export const TakesTickets = Reflector.createDecorator<true>();

/** What a first message may show. */
export type Credentials = { key: string } | { ticket: string };

/** Whose the credentials are. Throws `unauthenticated`, `forbidden` or `rate_limited`. */
export type Login = (credentials: Credentials) => Promise<Caller>;

const logins = new WeakMap<FastifyRequest, Login>();

export function rememberLogin(request: FastifyRequest, login: Login): void {
  logins.set(request, login);
}

/** How who comes without credentials may show some later; undefined where he need not. */
export function loginOf(request: FastifyRequest): Login | undefined {
  return logins.get(request);
}

/** What `?ticket=` holds. Given twice it is none. */
export function ticketIn({ query }: FastifyRequest): string | undefined {
  const { ticket } = query as { ticket?: unknown };
  return typeof ticket === 'string' ? ticket : undefined;
}
