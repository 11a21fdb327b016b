import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { type CounterLimit, type CounterState, RequestCounters } from '../request-counters';

/** Counters that are kept by limiters of rate-limiter-flexible: one limiter for each kind, limit and window. */
export abstract class LimiterCounters extends RequestCounters {
  private readonly limiters = new Map<string, RateLimiterAbstract>();

  async count(limit: CounterLimit, name: string): Promise<CounterState> {
    try {
      return stateOf(limit, await this.limiterOf(limit).consume(name));
    } catch (refused) {
      // What it rejects with is its answer: more than there may be.
      return isAnswer(refused) ? { ...stateOf(limit, refused), exceeded: true } : untouched(limit);
    }
  }

  async look(limit: CounterLimit, name: string): Promise<CounterState> {
    const found = await this.limiterOf(limit)
      .get(name)
      .catch(() => null);
    return found === null ? untouched(limit) : stateOf(limit, found);
  }

  protected abstract limiterFor(keyPrefix: string, limit: number, windowS: number): RateLimiterAbstract;

  private limiterOf({ kind, limit, windowS }: CounterLimit): RateLimiterAbstract {
    const key = `${kind}:${limit}:${windowS}`;
    const limiter = this.limiters.get(key) ?? this.limiterFor(key, limit, windowS);
    this.limiters.set(key, limiter);
    return limiter;
  }
}

function stateOf(
  { limit }: CounterLimit,
  { consumedPoints, remainingPoints, msBeforeNext }: RateLimiterRes,
): CounterState {
  return {
    exceeded: consumedPoints > limit,
    remaining: Math.max(remainingPoints, 0),
    resetMs: Math.max(msBeforeNext, 0),
  };
}

/** As if nothing had been counted. */
export function untouched({ limit, windowS }: CounterLimit): CounterState {
  return { exceeded: false, remaining: limit, resetMs: windowS * 1_000 };
}

function isAnswer(refused: unknown): refused is RateLimiterRes {
  return typeof refused === 'object' && refused !== null && 'msBeforeNext' in refused;
}
