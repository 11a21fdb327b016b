import { Module, type Type } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { AgentsController } from './agents/agents.controller';
import { ApprovalsController } from './approvals/approvals.controller';
import { Admission } from './auth/admission';
import { AuthGuard } from './auth/auth.guard';
import { ConversationsController } from './conversations/conversations.controller';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { DeliveriesController } from './deliveries/deliveries.controller';
import { CallbacksController } from './executions/callbacks.controller';
import { EventsController } from './executions/events.controller';
import { EventDeliveryController } from './executions/event-delivery.controller';
import { ExecutionsController } from './executions/executions.controller';
import { DiffsController } from './executions/diffs.controller';
import { ForksController } from './executions/forks.controller';
import { RetriesController } from './executions/retries.controller';
import { Dependencies } from './health/dependencies';
import { HealthController } from './health/health.controller';
import { ReadinessState } from './health/readiness-state';
import { WorkspaceCheck } from './health/workspace-check';
import { LiveExecutions } from './limits/live-executions';
import { RequestLimits } from './limits/request-limits';
import { StreamSlots } from './limits/stream-slots';
import { OpenStreams } from './streams/open-streams';
import { ConversationFeed } from './streams/conversation-feed';
import { StreamSockets } from './streams/stream-sockets';
import { StreamSources } from './streams/stream-sources';
import { StreamTicketsController } from './streams/stream-tickets.controller';
import { MetricsController } from './telemetry/metrics.controller';
import { StreamController } from './streams/stream.controller';
import { SubmissionsController } from './submissions/submissions.controller';
import { SubmissionsService } from './submissions/submissions.service';
import { ToolsController } from './tools/tools.controller';
import { CallbackSecretController } from './webhooks/callback-secret.controller';
import { WebhookEndpointsController } from './webhooks/webhook-endpoints.controller';
import { WorkersController } from './workers/workers.controller';

/** Every route there is. A mounted API serves the same ones: see mounted-api.module.ts. */
export const API_CONTROLLERS: Type[] = [
  AgentsController,
  ToolsController,
  SubmissionsController,
  ExecutionsController,
  EventsController,
  DiffsController,
  ForksController,
  RetriesController,
  ApprovalsController,
  EventDeliveryController,
  CallbacksController,
  ConversationsController,
  DeadLettersController,
  StreamTicketsController,
  WebhookEndpointsController,
  CallbackSecretController,
  DeliveriesController,
  StreamController,
  WorkersController,
  HealthController,
  MetricsController,
];
export const API_PROVIDERS: Type[] = [
  Admission,
  AuthGuard,
  RequestLimits,
  LiveExecutions,
  StreamSlots,
  OpenStreams,
  SubmissionsService,
  Dependencies,
  WorkspaceCheck,
  ReadinessState,
  ConversationFeed,
  StreamSources,
  StreamSockets,
];

/**
 * The HTTP face. Stands on the global providers of CoreModule; guard, pipes, filter and parser are the
 * application's: see create-api.ts, which also makes this the root module.
 */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: API_CONTROLLERS,
  providers: API_PROVIDERS,
})
export class ApiModule {}
