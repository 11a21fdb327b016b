import { type DynamicModule, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { assertRoleFits } from '@longhaul/gateway';
import { ConfigurationError } from '@longhaul/kernel';
import { ExecutionQueue, QueueTransport } from '@longhaul/queue';
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
  assertRoleFits('worker', options.config);
  const worker = WorkerModule.forRoot({ ...options, healthPort: options.config.worker.healthPort });
  const app = { module: WorkerAppModule, imports: [gateway, worker] };
  // Else Nest ends the process itself, with 1 whatever the reason.
  const microservice = await NestFactory.createMicroservice(app, { ...queueTransport, abortOnError: false });
  if (!microservice.get(ExecutionQueue, { strict: false }).crossProcess) {
    throw new ConfigurationError(
      'this queue lives inside one process (crossProcess is false): serve both in one process',
    );
  }
  return microservice;
}
