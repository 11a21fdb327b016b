import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { AGENT_ENTITIES, type AgentHandler, AgentsModule } from '@longhaul/agents';
import { GatewayConfigModule, type LoadedGatewayConfig } from '@longhaul/config';
import { DatabaseModule } from '@longhaul/database';
import { EXECUTION_ENTITIES, ExecutionsModule } from '@longhaul/executions';
import { type CustomQueue, QueueModule } from '@longhaul/queue';
import { agentDefaults, databaseOptions, executionsOptions, historyWindow, queueOptions } from './module-options';

export interface GatewayModuleOptions {
  loaded: LoadedGatewayConfig;
  /** Directory of the workspace. */
  workspace: string;
  /** Code agents, besides those that other modules provide. */
  agents?: Type<AgentHandler>[];
  /** What `queue.backend: custom` stands for. */
  customQueue?: CustomQueue;
}

/**
 * Everything below the apps, put together from one configuration: what the API, the worker and their tests stand on.
 * One process makes it once and hands the same object to each app in it, so that they share one of everything.
 */
@Global()
@Module({})
export class GatewayModule {
  static forRoot({ loaded, workspace, agents = [], customQueue }: GatewayModuleOptions): DynamicModule {
    const { config, variable } = loaded;
    const agentsModule = AgentsModule.forRoot({
      workspace,
      defaults: agentDefaults(config),
      history: historyWindow(config),
      variable,
      agents,
    });
    return {
      module: GatewayModule,
      imports: [
        GatewayConfigModule.forRoot(loaded),
        DatabaseModule.forRoot({ ...databaseOptions(config), entities: [...EXECUTION_ENTITIES, ...AGENT_ENTITIES] }),
        QueueModule.forRoot(queueOptions(config, customQueue)),
        ExecutionsModule.forRoot(executionsOptions(config)),
        agentsModule,
      ],
      exports: [agentsModule],
    };
  }
}
