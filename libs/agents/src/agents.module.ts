import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ExecutionKinds } from '@longhaul/executions';
import { AgentExecutionHandler } from './agent-execution-handler';
import { AgentRegistry } from './agent-registry';
import { AgentTargets } from './agent-targets';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from './agents-options';
import { AgentsService } from './agents.service';
import { CodeRuntime } from './runtimes/code-runtime';
import { DemoModel } from './runtimes/demo-model';
import { LlmRuntime } from './runtimes/llm-runtime';

/** The agents of one workspace, for the API (AgentsService) and for the worker (AgentExecutionHandler, AgentTargets). */
@Module({})
export class AgentsModule implements OnModuleInit {
  constructor(
    private readonly kinds: ExecutionKinds,
    private readonly handler: AgentExecutionHandler,
    private readonly targets: AgentTargets,
  ) {}

  static forRoot(options: AgentsModuleOptions): DynamicModule {
    return {
      module: AgentsModule,
      imports: [DiscoveryModule, ...(options.imports ?? [])],
      providers: [
        { provide: AGENTS_OPTIONS, useValue: options },
        AgentRegistry,
        AgentsService,
        AgentTargets,
        AgentExecutionHandler,
        CodeRuntime,
        LlmRuntime,
        DemoModel,
        ...(options.agents ?? []),
      ],
      exports: [AgentRegistry, AgentsService, AgentTargets, AgentExecutionHandler],
    };
  }

  onModuleInit(): void {
    this.kinds.register(this.handler, this.targets);
  }
}
