import { Injectable } from '@nestjs/common';
import { type ApiKeyConfig, type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { LonghaulError } from '@longhaul/kernel';
import { type CounterState, RequestCounters } from '@longhaul/queue';
import type { FastifyReply } from 'fastify';
import { KnownGuests } from './known-guests';

/**
 * How many requests a key and an address, and how many wrong keys an address, may send: `server.rate_limit`. Without a
 * `reply` nobody is told what is left: the key came in a message.
 */
@Injectable()
export class RequestLimits {
  private readonly guests = new KnownGuests();

  constructor(
    private readonly counters: RequestCounters,
    @InjectGatewayConfig() private readonly config: GatewayConfig,
  ) {}

  /** Counts a request of this address, with whatever key or none. Throws `rate_limited` when there were too many. */
  async admitAddress(address: string, reply: FastifyReply): Promise<void> {
    const { perAddress: limit, perS: windowS } = this.config.server.rateLimit;
    if (limit === 0) return;
    const state = await this.counters.count({ kind: 'address', limit, windowS }, address);
    describe(reply, { name: 'address', limit, windowS }, state);
    if (state.exceeded) throw refusal(`an address may send ${limit} requests in ${windowS} s`, state);
  }

  /** Counts a request with this key, and says so in its headers. Throws `rate_limited` when there were too many. */
  async admit(key: ApiKeyConfig, address: string, reply?: FastifyReply): Promise<void> {
    // Also the right key, while its address guesses: otherwise the guess that is right would show.
    if (!this.guests.knows(key.name, address)) await this.refuseGuesser(address, reply, 'look');
    this.guests.remember(key.name, address);
    const { requests: limit, perS: windowS } = key.rateLimit ?? this.config.server.rateLimit;
    if (limit === 0) return;
    const state = await this.counters.count({ kind: 'key', limit, windowS }, key.name);
    describe(reply, { name: 'key', limit, windowS }, state);
    if (state.exceeded) {
      throw refusal(`the key "${key.name}" may send ${limit} requests in ${windowS} s`, state);
    }
  }

  /** Counts a request without a valid key. Throws `rate_limited` when this address has sent too many of them. */
  async countFailure(address: string, reply?: FastifyReply): Promise<void> {
    await this.refuseGuesser(address, reply, 'count');
  }

  private async refuseGuesser(address: string, reply: FastifyReply | undefined, how: 'count' | 'look'): Promise<void> {
    const { failedKeys: limit, perS: windowS } = this.config.server.rateLimit;
    if (limit === 0) return;
    const state = await this.counters[how]({ kind: 'failed', limit, windowS }, address);
    if (!state.exceeded) return;
    describe(reply, { name: 'failed-keys', limit, windowS }, state);
    throw refusal(`from this address came more than ${limit} requests without a valid key in ${windowS} s`, state);
  }
}

function refusal(what: string, { resetMs }: CounterState): LonghaulError {
  const retryAfterS = Math.max(1, Math.ceil(resetMs / 1_000));
  return new LonghaulError('rate_limited', `${what}; try again in ${retryAfterS} s`, {
    retryable: true,
    details: { retry_after_s: retryAfterS },
  });
}

/**
 * The fields of the IETF draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-10): lists, with
 * an item for each limit that was asked.
 */
function describe(
  reply: FastifyReply | undefined,
  { name, limit, windowS }: { name: string; limit: number; windowS: number },
  { remaining, resetMs }: CounterState,
): void {
  if (!reply) return;
  add(reply, 'ratelimit-policy', `"${name}";q=${limit};w=${windowS}`);
  add(reply, 'ratelimit', `"${name}";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`);
}

function add(reply: FastifyReply, header: string, item: string): void {
  const before = reply.getHeader(header);
  reply.header(header, before === undefined ? item : `${String(before)}, ${item}`);
}
