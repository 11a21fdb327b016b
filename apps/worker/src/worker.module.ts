import { type DynamicModule, Module } from '@nestjs/common';
import { AgentRegistry } from '@longhaul/agents';
import type { GatewayConfig } from '@longhaul/config';

import {
  ExecutionQueue,
  HintBus,
  LaneScheduler,
  type LaneSchedulerOptions,
  LostRings,
  QueueTransport,
} from '@longhaul/queue';
import { Clockwork } from './clockwork';
import { ExecutionJobController } from './execution-job.controller';
import { knownQueues, schedulerOptions } from './served-queues';
import { SlotGauges } from './slot-gauges';
import { ShutdownConductor } from './shutdown-conductor';
import { WorkerHealthServer } from './worker-health-server';
import { WORKER_OPTIONS, type WorkerOptions } from './worker-options';

const SCHEDULER_OPTIONS = Symbol('LaneSchedulerOptions');

export interface WorkerModuleOptions {
  config: GatewayConfig;
  version: string;
  /** The queues to serve with their slots; all known ones when absent. */
  queues?: ReadonlyMap<string, number>;
  /** A worker beside an API needs no health port of its own. */
  healthPort: number;
  /** In an application that connects no transport: see `WorkerOptions`. */
  embedded?: boolean;
  /** See `WorkerOptions`. */
  leave?: () => void;
}

/** Takes jobs and runs executions. Stands on the global providers of CoreModule. */
@Module({})
export class WorkerModule {
  static forRoot({ config, version, queues, healthPort, embedded = false, leave }: WorkerModuleOptions): DynamicModule {
    return {
      module: WorkerModule,
      controllers: embedded ? [] : [ExecutionJobController],
      providers: [
        {
          provide: SCHEDULER_OPTIONS,
          inject: [AgentRegistry],
          useFactory: (agents: AgentRegistry) => schedulerOptions(config, knownQueues(config, agents.queues()), queues),
        },
        {
          provide: WORKER_OPTIONS,
          inject: [SCHEDULER_OPTIONS],
          useFactory: (scheduler: LaneSchedulerOptions): WorkerOptions => ({
            queues: Object.fromEntries(scheduler.queues),
            slots: Number.isFinite(scheduler.slots) ? scheduler.slots : null,
            version,
            drainTimeoutMs: config.queue.drainTimeoutS * 1_000,
            healthPort,
            embedded,
            maxExecutions: config.worker.maxExecutions,
            ...(leave ? { leave } : {}),
          }),
        },
        {
          provide: LaneScheduler,
          inject: [ExecutionQueue, HintBus, LostRings, SCHEDULER_OPTIONS],
          useFactory: (queue: ExecutionQueue, hints: HintBus, lost: LostRings, options: LaneSchedulerOptions) =>
            new LaneScheduler(queue, hints, lost, options),
        },
        {
          provide: QueueTransport,
          inject: [LaneScheduler],
          useFactory: (scheduler: LaneScheduler) => new QueueTransport(scheduler),
        },
        Clockwork,
        ShutdownConductor,
        SlotGauges,
        WorkerHealthServer,
      ],
      exports: [QueueTransport],
    };
  }
}
