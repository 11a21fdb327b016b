import { type DynamicModule, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { ConfigurationError } from '@longhaul/kernel';
import { QueueTransport } from '@longhaul/queue';
import { WorkerModule, type WorkerModuleOptions } from './worker.module';

@Module({})
class WorkerAppModule {}

/** The transport is the queue: it needs the container to be built, so Nest asks for it then. */
export const queueTransport: AsyncMicroserviceOptions = {
  inject: [QueueTransport],
  useFactory: (strategy: QueueTransport) => ({ strategy }),
};

/** A process that is a worker and nothing else, not yet listening. Throws `ConfigurationError`. */
export async function createWorker(
  gateway: DynamicModule,
  options: Omit<WorkerModuleOptions, 'healthPort'>,
): Promise<INestMicroservice> {
  const { backend } = options.config.queue;
  if (backend === 'none' || backend === 'memory') {
    const message = `queue.backend ${backend} lives inside the API's process, so a worker of its own would never get a job`;
    const hint = 'serve without --worker-only, or set queue.backend to redis or rabbitmq';
    throw new ConfigurationError(`${message}: ${hint}`, [{ path: 'queue.backend', message, hint }]);
  }
  const worker = WorkerModule.forRoot({ ...options, healthPort: options.config.worker.healthPort });
  return NestFactory.createMicroservice({ module: WorkerAppModule, imports: [gateway, worker] }, queueTransport);
}
