import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import { ExecutionQueue } from '../../execution-queue';
import { HintBus } from '../../hint-bus';
import { RequestCounters } from '../../request-counters';
import { createRedisClient } from './redis-client';
import { RedisHintBus } from './redis-hint-bus';
import { RedisQueue } from './redis-queue';
import { RedisRequestCounters } from './redis-request-counters';
import { REDIS_QUEUE_OPTIONS, type RedisQueueOptions } from './redis-queue-options';

/**
 * The queue and the hints on Redis. `BullModule` holds the one connection that both share; it belongs to the queue's
 * `open` and `close`, and no hook of Nest or BullMQ touches it.
 */
@Module({})
export class RedisQueueModule {
  static register(options: RedisQueueOptions): DynamicModule {
    return {
      module: RedisQueueModule,
      imports: [
        BullModule.forRootAsync({
          useFactory: () => ({
            connection: createRedisClient(options.url, 'longhaul-queue'),
            prefix: options.keyPrefix,
          }),
        }),
      ],
      providers: [
        { provide: REDIS_QUEUE_OPTIONS, useValue: options },
        { provide: ExecutionQueue, useClass: RedisQueue },
        { provide: HintBus, useClass: RedisHintBus },
        { provide: RequestCounters, useClass: RedisRequestCounters },
      ],
      exports: [ExecutionQueue, HintBus, RequestCounters],
    };
  }
}
