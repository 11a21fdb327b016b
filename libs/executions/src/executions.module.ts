import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { LostRings } from '@longhaul/queue';
import { Announcer } from './announcer';
import { BacklogGauges } from './backlog-gauges';
import { DeadLettersReader } from './dead-letters/dead-letters.reader';
import { DeadLettersService } from './dead-letters/dead-letters.service';
import { Dispatcher } from './dispatcher';
import { EventFeed } from './events/event-feed';
import { EventLog } from './events/event-log';
import { ExecutionCounters } from './execution-counters';
import { ExecutionKinds } from './execution-kinds';
import { ExecutionNews } from './execution-news';
import { ExecutionWaiter } from './execution-waiter';
import { EXECUTIONS_OPTIONS, type ExecutionsOptions } from './executions-options';
import { ExecutionsReader } from './executions.reader';
import { ExecutionsService } from './executions.service';
import { ConversationsReader } from './conversations.reader';
import { ExecutionHooks } from './hooks/execution-hooks';
import { HookExplorer } from './hooks/hook-explorer';
import { RateLimits } from './limits/rate-limits';
import { QueueDepth } from './queue-depth';
import { RequestWrites } from './request-writes';
import { Retention } from './retention/retention';
import { StreamTickets } from './tickets/stream-tickets';
import { TransitionParticipants } from './transition-participant';
import { WaitsService } from './waits.service';
import { Waker } from './waker';
import { ActiveRuns } from './worker/active-runs';
import { Children } from './worker/children';
import { DeadWorkers } from './worker/dead-workers';
import { DueExecutions } from './worker/due-executions';
import { ExecutionProcessor } from './worker/execution-processor';
import { ExecutionWrites } from './worker/execution-writes';
import { StrayRuns } from './worker/stray-runs';
import { Sweeper } from './worker/sweeper';
import { WorkerLease } from './worker/worker-lease';
import { WorkersService } from './workers/workers.service';

/** The lifecycle. In a process without a worker its worker half is there and never started. */
@Global()
@Module({})
export class ExecutionsModule {
  static forRoot(options: ExecutionsOptions): DynamicModule {
    return {
      module: ExecutionsModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: EXECUTIONS_OPTIONS, useValue: options },
        { provide: LostRings, useClass: DueExecutions },
        Announcer,
        BacklogGauges,
        ConversationsReader,
        DeadLettersReader,
        DeadLettersService,
        Dispatcher,
        EventFeed,
        EventLog,
        ExecutionCounters,
        ExecutionHooks,
        ExecutionKinds,
        ExecutionNews,
        ExecutionWaiter,
        ExecutionsReader,
        ExecutionsService,
        HookExplorer,
        QueueDepth,
        RateLimits,
        RequestWrites,
        Retention,
        StreamTickets,
        TransitionParticipants,
        WaitsService,
        Waker,
        ActiveRuns,
        Children,
        DeadWorkers,
        ExecutionProcessor,
        ExecutionWrites,
        StrayRuns,
        Sweeper,
        WorkerLease,
        WorkersService,
      ],
      exports: [
        ActiveRuns,
        ConversationsReader,
        DeadLettersReader,
        DeadLettersService,
        EventFeed,
        EventLog,
        ExecutionHooks,
        ExecutionKinds,
        ExecutionNews,
        ExecutionProcessor,
        ExecutionsReader,
        ExecutionsService,
        LostRings,
        RateLimits,
        Retention,
        StreamTickets,
        Sweeper,
        TransitionParticipants,
        WaitsService,
        WorkerLease,
        WorkersService,
      ],
    };
  }
}
