export { RedisHintBus } from './redis-hint-bus';
export { RedisQueue } from './redis-queue';
export type { RedisQueueOptions } from './redis-queue-options';
export { RedisQueueModule } from './redis-queue.module';
