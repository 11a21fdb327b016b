import { Injectable } from '@nestjs/common';
import { type RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible';
import { LimiterCounters } from '../limiter-counters';

/** Counters of this process alone. */
@Injectable()
export class MemoryRequestCounters extends LimiterCounters {
  protected limiterFor(keyPrefix: string, points: number, duration: number): RateLimiterAbstract {
    return new RateLimiterMemory({ keyPrefix, points, duration });
  }
}
