import type { DynamicModule, Type } from '@nestjs/common';
import type { ExecutionQueue } from './execution-queue';
import type { HintBus } from './hint-bus';
import type { RabbitMqQueueOptions } from './providers/rabbitmq';
import type { RedisQueueOptions } from './providers/redis';

/** A backend of your own. Without a `hintBus`, other processes find work and cancels by looking, within seconds. */
export interface CustomQueue {
  useClass: Type<ExecutionQueue>;
  hintBus?: Type<HintBus>;
  /** Modules whose exports the two may inject. */
  imports?: (Type | DynamicModule)[];
}

export type QueueModuleOptions = (
  | { backend: 'none' }
  | { backend: 'memory' }
  | ({ backend: 'redis' } & RedisQueueOptions)
  | ({ backend: 'rabbitmq' } & RabbitMqQueueOptions)
  | ({ backend: 'custom' } & CustomQueue)
) & {
  /** How long to wait for the broker at start. */
  startupTimeoutMs: number;
};
export const QUEUE_MODULE_OPTIONS = Symbol('QueueModuleOptions');
