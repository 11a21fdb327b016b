import {
  type DynamicModule,
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { assertNever, untilReady } from '@longhaul/kernel';
import { ExecutionQueue } from './execution-queue';
import { HintBus } from './hint-bus';
import { MemoryHintBus, MemoryQueueModule, MemoryRequestCounters } from './providers/memory';
import { RequestCounters } from './request-counters';
import { type CustomQueue, QUEUE_MODULE_OPTIONS, type QueueModuleOptions } from './queue-options';

/** The one queue of this process and the bus of its hints, chosen by configuration. */
@Global()
@Module({})
export class QueueModule implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(QueueModule.name);

  constructor(
    private readonly queue: ExecutionQueue,
    private readonly hints: HintBus,
    @Inject(QUEUE_MODULE_OPTIONS) private readonly options: QueueModuleOptions,
  ) {}

  static forRoot(options: QueueModuleOptions): DynamicModule {
    const provider = providerModule(options);
    return {
      module: QueueModule,
      imports: [provider],
      providers: [{ provide: QUEUE_MODULE_OPTIONS, useValue: options }],
      exports: [provider, QUEUE_MODULE_OPTIONS],
    };
  }

  async onModuleInit(): Promise<void> {
    await untilReady(
      async () => {
        await this.queue.open();
        await this.hints.open();
      },
      {
        name: `the queue (${this.options.backend})`,
        limitMs: this.options.startupTimeoutMs,
        onRetry: (message) => this.logger.warn(message),
      },
    );
  }

  /** After the transport has closed: nothing is taken or settled any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.hints.close();
    await this.queue.close();
  }
}

/** A broker's driver is loaded only when it is chosen: an import costs tens of megabytes. */
function providerModule(options: QueueModuleOptions): DynamicModule {
  switch (options.backend) {
    case 'none':
    case 'memory':
      return MemoryQueueModule.register();
    case 'redis': {
      const { RedisQueueModule } = require('./providers/redis') as typeof import('./providers/redis');
      return RedisQueueModule.register(options);
    }
    case 'rabbitmq': {
      const { RabbitMqQueueModule } = require('./providers/rabbitmq') as typeof import('./providers/rabbitmq');
      return RabbitMqQueueModule.register(options);
    }
    case 'custom':
      return customModule(options);
    default:
      return assertNever(options);
  }
}

@Module({})
class CustomQueueModule {}

function customModule(options: CustomQueue): DynamicModule {
  return {
    module: CustomQueueModule,
    imports: options.imports ?? [],
    providers: [
      { provide: ExecutionQueue, useClass: options.useClass },
      { provide: HintBus, useClass: options.hintBus ?? MemoryHintBus },
      { provide: RequestCounters, useClass: MemoryRequestCounters },
    ],
    exports: [ExecutionQueue, HintBus, RequestCounters],
  };
}
