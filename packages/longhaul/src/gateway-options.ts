import type { DynamicModule, FactoryProvider, Type } from '@nestjs/common';
import type { AgentHandler } from '@longhaul/agents';
import type { ConfigOptions } from '@longhaul/config';
import type { ExtensionInput, ProcessRole } from '@longhaul/gateway';
import type { CustomQueue } from '@longhaul/queue';
import type { OwnerOf } from '../../../apps/api/src/auth/host.guard';

/** The HTTP API inside an application. */
export interface MountOptions {
  /** Before `/v1` and `/health`, after the application's own global prefix; none when absent. */
  prefix?: string;
  /** Whose a request is, as the application knows it: asked instead of API keys. Null is 401. */
  owner?: OwnerOf;
}

/**
 * Everything that gateway.yaml knows, in camelCase (`queue: { redisUrl }`), checked the same, and what only code can
 * give. What code says comes first, then the environment, `.env`, gateway.yaml, the default; `extensions` add up.
 */
export interface GatewayOptions extends Omit<ConfigOptions, 'extensions'> {
  /** Folder with gateway.yaml and agents/, both optional; the current folder when absent. */
  workspace?: string;
  /** Instead of the environment of the process. */
  env?: NodeJS.ProcessEnv;
  /** Nest modules, providers, or the names of files and packages that export some. */
  extensions?: readonly ExtensionInput[];
  /** Code agents, besides those that any module of the application provides. */
  agents?: Type<AgentHandler>[];
  /** What `queue.backend: custom` stands for. */
  customQueue?: CustomQueue;
  /** Whether this process serves the API, runs executions, or both (the default). */
  role?: ProcessRole;
}

export interface GatewayModuleOptions extends GatewayOptions {
  /** False: no routes. */
  api?: false | MountOptions;
}

export interface GatewayModuleAsyncOptions {
  imports?: (Type | DynamicModule | Promise<DynamicModule>)[];
  inject?: FactoryProvider['inject'];
  useFactory: (...injected: never[]) => GatewayModuleOptions | Promise<GatewayModuleOptions>;
}
