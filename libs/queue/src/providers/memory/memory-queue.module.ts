import { type DynamicModule, Module } from '@nestjs/common';
import { ExecutionQueue } from '../../execution-queue';
import { HintBus } from '../../hint-bus';
import { RequestCounters } from '../../request-counters';
import { MemoryHintBus } from './memory-hint-bus';
import { MemoryQueue } from './memory-queue';
import { MemoryRequestCounters } from './memory-request-counters';

/** The queue and the hints of a gateway that is one process; also those of the backend `none`. */
@Module({})
export class MemoryQueueModule {
  static register(): DynamicModule {
    return {
      module: MemoryQueueModule,
      providers: [
        { provide: ExecutionQueue, useClass: MemoryQueue },
        { provide: HintBus, useClass: MemoryHintBus },
        { provide: RequestCounters, useClass: MemoryRequestCounters },
      ],
      exports: [ExecutionQueue, HintBus, RequestCounters],
    };
  }
}
