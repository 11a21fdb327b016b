export { MemoryHintBus } from './memory-hint-bus';
export { MemoryQueue } from './memory-queue';
export { MemoryQueueModule } from './memory-queue.module';
