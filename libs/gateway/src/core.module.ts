import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { AGENT_ENTITIES, type AgentHandler, AgentsModule } from '@longhaul/agents';
import { ApprovalsModule } from '@longhaul/approvals';
import { GatewayConfigModule, type LoadedGatewayConfig } from '@longhaul/config';
import { DatabaseModule } from '@longhaul/database';
import { DELIVERY_ENTITIES, DeliveryModule, NotifiersModule } from '@longhaul/delivery';
import { EXECUTION_ENTITIES, ExecutionsModule } from '@longhaul/executions';
import { type CustomQueue, QueueModule } from '@longhaul/queue';
import { TelemetryModule } from '@longhaul/telemetry';
import { TOOL_ENTITIES, ToolsModule } from '@longhaul/tools';
import type { ExtensionInput } from './extensions/extension';
import { ExtensionModule, queueOf } from './extensions/extension.module';
import { loadExtensions } from './extensions/load-extensions';
import { mcpOptions } from './mcp-options';
import {
  agentDefaults,
  databaseOptions,
  deliveryOptions,
  executionsOptions,
  historyWindow,
  httpAgentsOptions,
  modelsOptions,
  notifiersOptions,
  queueOptions,
  resultEventsOptions,
  telemetryOptions,
  toolSettings,
} from './module-options';
import { NotificationRules } from './notifications/notification-rules';
import { ResultEventsModule } from './result-events/result-events.module';

export interface CoreModuleOptions {
  loaded: LoadedGatewayConfig;
  /** Directory of the workspace. */
  workspace: string;
  /** Code agents, besides those that other modules provide. */
  agents?: Type<AgentHandler>[];
  /** Besides those of the configuration. */
  extensions?: readonly ExtensionInput[];
  /** What `queue.backend: custom` stands for, instead of what an extension brings. */
  customQueue?: CustomQueue;
  /** Read agents again when their files change. */
  watch?: boolean;
}

/**
 * Everything below the apps, put together from one configuration: what the API, the worker and their tests stand on.
 * One process makes it once and hands the same object to each app in it, so that they share one of everything.
 */
@Global()
@Module({})
export class CoreModule {
  /** Loads the extensions. Throws `ConfigurationError`. */
  static forRoot({ loaded, workspace, agents = [], ...options }: CoreModuleOptions): DynamicModule {
    const { config, variable } = loaded;
    const extensions = loadExtensions([...config.extensions, ...(options.extensions ?? [])], workspace);
    const toolsModule = ToolsModule.forRoot({
      ...toolSettings(loaded, workspace),
      mcp: mcpOptions(loaded, workspace),
      watch: options.watch ?? false,
    });
    const agentsModule = AgentsModule.forRoot({
      workspace,
      defaults: { ...agentDefaults(config), http: httpAgentsOptions(loaded) },
      watch: options.watch ?? false,
      history: historyWindow(config),
      variable,
      models: modelsOptions(config),
      agents,
    });
    const resultEvents = resultEventsOptions(config);
    return {
      module: CoreModule,
      imports: [
        GatewayConfigModule.forRoot(loaded),
        TelemetryModule.forRoot(telemetryOptions(loaded)),
        DatabaseModule.forRoot({
          ...databaseOptions(config),
          entities: [...EXECUTION_ENTITIES, ...AGENT_ENTITIES, ...DELIVERY_ENTITIES, ...TOOL_ENTITIES],
        }),
        QueueModule.forRoot(queueOptions(config, options.customQueue ?? queueOf(extensions))),
        ExecutionsModule.forRoot(executionsOptions(config)),
        ApprovalsModule,
        DeliveryModule.forRoot(deliveryOptions(loaded)),
        NotifiersModule.forRoot(notifiersOptions(loaded)),
        toolsModule,
        agentsModule,
        ...(resultEvents ? [ResultEventsModule.forRoot(resultEvents, agentsModule)] : []),
        ...extensions.map((extension) => ExtensionModule.forExtension(extension)),
      ],
      providers: [NotificationRules],
      exports: [agentsModule, toolsModule],
    };
  }
}
