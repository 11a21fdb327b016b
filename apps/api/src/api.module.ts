import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { AgentsController } from './agents/agents.controller';
import { ConversationsController } from './conversations/conversations.controller';
import { EventsController } from './executions/events.controller';
import { ExecutionsController } from './executions/executions.controller';
import { Dependencies } from './health/dependencies';
import { HealthController } from './health/health.controller';
import { ReadinessState } from './health/readiness-state';
import { SubmissionsController } from './submissions/submissions.controller';
import { SubmissionsService } from './submissions/submissions.service';

/**
 * The HTTP face. Stands on the global providers of CoreModule; guard, pipes, filter and parser are the
 * application's: see create-api.ts, which also makes this the root module.
 */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [
    AgentsController,
    SubmissionsController,
    ExecutionsController,
    EventsController,
    ConversationsController,
    HealthController,
  ],
  providers: [SubmissionsService, Dependencies, ReadinessState],
})
export class ApiModule {}
