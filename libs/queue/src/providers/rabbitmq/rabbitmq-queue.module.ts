import { type DynamicModule, Module } from '@nestjs/common';
import { ExecutionQueue } from '../../execution-queue';
import { HintBus } from '../../hint-bus';
import { RequestCounters } from '../../request-counters';
import { MemoryRequestCounters } from '../memory';
import { RabbitMqHintBus } from './rabbitmq-hint-bus';
import { RabbitMqQueue } from './rabbitmq-queue';
import { RABBITMQ_QUEUE_OPTIONS, type RabbitMqQueueOptions } from './rabbitmq-queue-options';

/** The queue and the hints on RabbitMQ. Connections are made by `open` and ended by `close`, by no hook of Nest. */
@Module({})
export class RabbitMqQueueModule {
  static register(options: RabbitMqQueueOptions): DynamicModule {
    return {
      module: RabbitMqQueueModule,
      providers: [
        { provide: RABBITMQ_QUEUE_OPTIONS, useValue: options },
        { provide: ExecutionQueue, useClass: RabbitMqQueue },
        { provide: HintBus, useClass: RabbitMqHintBus },
        { provide: RequestCounters, useClass: MemoryRequestCounters },
      ],
      exports: [ExecutionQueue, HintBus, RequestCounters],
    };
  }
}
