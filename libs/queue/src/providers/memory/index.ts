export { MemoryHintBus } from './memory-hint-bus';
export { MemoryQueue } from './memory-queue';
export { MemoryRequestCounters } from './memory-request-counters';
export { MemoryQueueModule } from './memory-queue.module';
