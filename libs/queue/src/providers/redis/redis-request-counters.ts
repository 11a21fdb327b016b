import { getSharedConfigToken } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { CounterLimit, CounterState } from '../../request-counters';
import { LimiterCounters, untouched } from '../limiter-counters';
import { REDIS_QUEUE_OPTIONS, type RedisQueueOptions } from './redis-queue-options';

/** A Redis that is slower than this limits nobody: who asks must not wait for it. */
const PATIENCE_MS = 250;

/** Counters that all processes share, on the queue's connection. While Redis is away each process counts by itself. */
@Injectable()
export class RedisRequestCounters extends LimiterCounters {
  constructor(
    @Inject(getSharedConfigToken()) private readonly shared: { connection: Redis },
    @Inject(REDIS_QUEUE_OPTIONS) private readonly options: RedisQueueOptions,
  ) {
    super();
  }

  override async count(limit: CounterLimit, name: string): Promise<CounterState> {
    return inTime(super.count(limit, name), limit);
  }

  override async look(limit: CounterLimit, name: string): Promise<CounterState> {
    return inTime(super.look(limit, name), limit);
  }

  protected limiterFor(kind: string, points: number, duration: number): RateLimiterAbstract {
    const keyPrefix = `${this.options.keyPrefix}:limits:${kind}`;
    return new RateLimiterRedis({
      storeClient: this.shared.connection,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration }),
      keyPrefix,
      points,
      duration,
    });
  }
}

async function inTime(state: Promise<CounterState>, limit: CounterLimit): Promise<CounterState> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CounterState>((resolve) => {
    timer = setTimeout(() => resolve(untouched(limit)), PATIENCE_MS);
  });
  return Promise.race([state, late]).finally(() => clearTimeout(timer));
}
