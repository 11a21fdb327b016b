export { RabbitMqHintBus } from './rabbitmq-hint-bus';
export { RabbitMqQueue } from './rabbitmq-queue';
export type { RabbitMqQueueOptions } from './rabbitmq-queue-options';
export { RabbitMqQueueModule } from './rabbitmq-queue.module';
