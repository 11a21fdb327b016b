export interface RabbitMqQueueOptions {
  /** `amqp://` or `amqps://`, with the virtual host as the path. */
  url: string;
  /** What every queue and exchange is named after (`queue.queue_name`). Two gateways in one virtual host need two. */
  queueName: string;
}

export const RABBITMQ_QUEUE_OPTIONS = Symbol('RabbitMqQueueOptions');
