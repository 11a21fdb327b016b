import { type DynamicModule, Module } from '@nestjs/common';
import {
  RESULT_EVENTS_OPTIONS,
  ResultEventChannel,
  ResultEventPublisher,
  type ResultEventsOptions,
} from '@longhaul/delivery';
import { BestEffortEvents } from './best-effort-events';
import { ResultEventRules } from './result-event-rules';

/** What `result_event` of an AGENT.md promises: @longhaul/delivery knows the brokers, here both meet. */
@Module({})
export class ResultEventsModule {
  static forRoot(options: ResultEventsOptions, agents: DynamicModule): DynamicModule {
    return {
      module: ResultEventsModule,
      imports: [agents],
      providers: [
        { provide: RESULT_EVENTS_OPTIONS, useValue: options },
        ResultEventPublisher,
        ResultEventChannel,
        BestEffortEvents,
        ResultEventRules,
      ],
    };
  }
}
