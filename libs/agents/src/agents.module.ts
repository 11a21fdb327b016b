import { Module, type DynamicModule, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ExecutionKinds, TransitionParticipants } from '@longhaul/executions';
import { ModelsModule } from '@longhaul/models';
import { AgentExecutionHandler } from './agent-execution-handler';
import { AgentRegistry } from './agent-registry';
import { AgentTargets } from './agent-targets';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from './agents-options';
import { AgentsService } from './agents.service';
import { ConversationHistory } from './conversations/conversation-history';
import { ConversationRetention } from './conversations/conversation-retention';
import { ConversationsService } from './conversations/conversations.service';
import { Message } from './conversations/message.entity';
import { MessageLog } from './conversations/message-log';
import { DiffsService } from './forks/diffs.service';
import { ForksService } from './forks/forks.service';
import { AgentsWatcher } from './reload/agents-watcher';
import { RedriveService } from './retries/redrive.service';
import { RetriesService } from './retries/retries.service';
import { AGENT_RUNTIMES, type AgentRuntime } from './runtimes/agent-runtime';
import { CodeRuntime } from './runtimes/code-runtime';
import { CommandRuntime } from './runtimes/command/command-runtime';
import { HttpRuntime } from './runtimes/http/http-runtime';
import { RemoteAnswerRow } from './runtimes/http/remote-answer.entity';
import { RemoteAnswers } from './runtimes/http/remote-answers';
import { RemoteCallbacks } from './runtimes/http/remote-callbacks';
import { LlmRuntime } from './runtimes/llm/llm-runtime';
import { ModelCalls } from './runtimes/llm/model-calls';
import { JobCompletions } from './tool-executions/job-completions';
import { Jobs } from './tool-executions/jobs';
import { ToolExecutionHandler } from './tool-executions/tool-execution-handler';
import { ToolTargets } from './tool-executions/tool-targets';

/** What this lib keeps in the database. */
export const AGENT_ENTITIES = [Message, RemoteAnswerRow];

/** One for each value of `runtime` in an AGENT.md. */
const RUNTIMES: Type<AgentRuntime>[] = [CodeRuntime, CommandRuntime, HttpRuntime, LlmRuntime];

/**
 * The agents of one workspace: `AgentsService` for the API, `AgentRegistry` for whoever must know them, and the kinds
 * `agent` and `tool` for the worker. Stands on the global `ExecutionsModule` and
 * `ToolsModule`.
 */
@Module({})
export class AgentsModule implements OnModuleInit {
  constructor(
    private readonly kinds: ExecutionKinds,
    private readonly handler: AgentExecutionHandler,
    private readonly targets: AgentTargets,
    private readonly toolHandler: ToolExecutionHandler,
    private readonly toolTargets: ToolTargets,
    private readonly participants: TransitionParticipants,
    private readonly messages: MessageLog,
    private readonly jobs: JobCompletions,
  ) {}

  static forRoot(options: AgentsModuleOptions): DynamicModule {
    return {
      module: AgentsModule,
      imports: [DiscoveryModule, ModelsModule.forRoot(options.models ?? { providers: [], prices: {} })],
      providers: [
        { provide: AGENTS_OPTIONS, useValue: options },
        AgentRegistry,
        AgentsWatcher,
        AgentsService,
        AgentTargets,
        AgentExecutionHandler,
        Jobs,
        JobCompletions,
        ToolTargets,
        ToolExecutionHandler,
        ConversationHistory,
        ConversationRetention,
        ConversationsService,
        DiffsService,
        ForksService,
        MessageLog,
        RedriveService,
        RetriesService,
        CodeRuntime,
        CommandRuntime,
        HttpRuntime,
        RemoteAnswers,
        RemoteCallbacks,
        LlmRuntime,
        ModelCalls,
        { provide: AGENT_RUNTIMES, useFactory: (...runtimes: AgentRuntime[]) => runtimes, inject: RUNTIMES },
        ...(options.agents ?? []),
      ],
      exports: [
        AgentRegistry,
        AgentsService,
        ConversationsService,
        DiffsService,
        ForksService,
        RedriveService,
        RemoteCallbacks,
        RetriesService,
      ],
    };
  }

  onModuleInit(): void {
    this.kinds.register(this.handler, this.targets);
    this.kinds.register(this.toolHandler, this.toolTargets);
    this.participants.register(this.messages);
    this.participants.register(this.jobs);
  }
}
