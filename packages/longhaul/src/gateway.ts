import {
  type Abstract,
  type INestApplicationContext,
  type LoggerService,
  type LogLevel,
  Module,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AgentHandler } from '@longhaul/agents';
import type { ExecutionChange, ExecutionListener, ExecutionRecord } from '@longhaul/executions';
import type { ExtensionInput } from '@longhaul/gateway';
import type { JsonValue } from '@longhaul/kernel';
import { makeLogger } from '@longhaul/telemetry';
import type { CustomQueue, ExecutionQueue } from '@longhaul/queue';
import { createApi } from '../../../apps/api/src/create-api';
import { type Composed, compose } from './compose';
import type { GatewayOptions } from './gateway-options';
import { type AgentRequest, GatewayService, type SubmitOptions, type WaitOptions } from './gateway.service';

export interface GatewayCreateOptions extends GatewayOptions {
  /** What it logs, secrets blotted out; warnings and errors when absent. A logger of your own gets lines as they are. */
  logger?: LoggerService | LogLevel[] | false;
}

type QueueOptions<Backend extends string> = Omit<NonNullable<GatewayOptions['queue']>, 'backend'> & {
  readonly backend?: Backend;
};

/**
 * A gateway as a program makes it: `Gateway.create('./workspace').useMemoryQueue().listen()`. Each `use…` sets what
 * `GatewayOptions` has a name for and answers the gateway; nothing happens before `start` or `listen`.
 */
export class Gateway {
  private app: INestApplicationContext | undefined;
  private address: string | undefined;

  private constructor(private options: GatewayCreateOptions) {}

  static create(workspace = '.', options: Omit<GatewayCreateOptions, 'workspace'> = {}): Gateway {
    return new Gateway({ ...options, workspace });
  }

  /** Any options at all, section by section over those that were set. */
  configure(options: Omit<GatewayCreateOptions, 'workspace'>): this {
    this.assertNotStarted();
    const { queue, persistence } = this.options;
    this.options = {
      ...this.options,
      ...options,
      ...(options.queue ? { queue: { ...queue, ...options.queue } } : {}),
      ...(options.persistence ? { persistence: { ...persistence, ...options.persistence } } : {}),
    };
    return this;
  }

  useMemoryQueue(options: QueueOptions<'memory'> = {}): this {
    return this.configure({ queue: { ...options, backend: 'memory' } });
  }

  useRedisQueue(options: QueueOptions<'redis'> = {}): this {
    return this.configure({ queue: { ...options, backend: 'redis' } });
  }

  useRabbitMqQueue(options: QueueOptions<'rabbitmq'> = {}): this {
    return this.configure({ queue: { ...options, backend: 'rabbitmq' } });
  }

  /** A backend of your own; what it injects comes from `more.imports`. */
  useQueue(useClass: Type<ExecutionQueue>, more: Omit<CustomQueue, 'useClass'> = {}): this {
    return this.configure({ queue: { backend: 'custom' }, customQueue: { ...more, useClass } });
  }

  usePostgres(url: string): this {
    return this.configure({ persistence: { backend: 'postgres', url } });
  }

  /** A file, relative to the workspace. */
  useSqlite(path: string): this {
    return this.configure({ persistence: { backend: 'sqlite', url: path } });
  }

  useExtensions(...extensions: ExtensionInput[]): this {
    return this.configure({ extensions: [...(this.options.extensions ?? []), ...extensions] });
  }

  useAgents(...agents: Type<AgentHandler>[]): this {
    return this.configure({ agents: [...(this.options.agents ?? []), ...agents] });
  }

  /** Runs executions and takes them in code, without HTTP. Throws `ConfigurationError`. */
  async start(): Promise<this> {
    this.assertNotStarted();
    const { logger, ...options } = this.options;
    const composed = compose(options);
    this.app = await NestFactory.createApplicationContext(
      { module: GatewayProcessModule, imports: composed.modules },
      { logger: loggerOf(composed, logger), abortOnError: false },
    );
    this.app.enableShutdownHooks();
    return this;
  }

  /** Serves HTTP as well; `port` and `host` are those of `server` when absent, port 0 any free one. */
  async listen(port?: number, host?: string): Promise<this> {
    this.assertNotStarted();
    const { logger, ...options } = this.options;
    const server = {
      ...options.server,
      ...(port === undefined ? {} : { port }),
      ...(host === undefined ? {} : { host }),
    };
    const composed = compose({ ...options, server });
    const { config } = composed;
    const [gateway, ...others] = composed.modules;
    const app: NestFastifyApplication = await createApi({
      gateway,
      config,
      modules: others,
      logger: loggerOf(composed, logger),
    });
    this.app = app;
    app.enableShutdownHooks();
    try {
      await app.listen(config.server.port, config.server.host);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.address = await app.getUrl();
    return this;
  }

  /** Where it listens. */
  get url(): string {
    if (this.address === undefined) throw new Error('the gateway does not listen: await gateway.listen() first');
    return this.address;
  }

  /** See `GatewayService.submit`; the same holds for what follows. */
  submit(agent: string, request: AgentRequest, options?: SubmitOptions): Promise<ExecutionRecord> {
    return this.service.submit(agent, request, options);
  }

  chat(agent: string, message: string, options?: SubmitOptions & WaitOptions): Promise<ExecutionRecord> {
    return this.service.chat(agent, message, options);
  }

  invoke(agent: string, input: JsonValue, options?: SubmitOptions & WaitOptions): Promise<ExecutionRecord> {
    return this.service.invoke(agent, input, options);
  }

  execution(id: string, options?: { owner?: string }): Promise<ExecutionRecord> {
    return this.service.execution(id, options);
  }

  wait(id: string, options?: WaitOptions): Promise<ExecutionRecord> {
    return this.service.wait(id, options);
  }

  cancelExecution(id: string, options?: { owner?: string }): Promise<ExecutionRecord> {
    return this.service.cancelExecution(id, options);
  }

  on(change: ExecutionChange, listener: ExecutionListener): () => void {
    return this.service.on(change, listener);
  }

  /** A provider of the running gateway, whichever module it is in. */
  get<T>(token: Type<T> | Abstract<T> | string | symbol): T {
    return this.running.get<T>(token, { strict: false });
  }

  /** Takes nothing more, drains, closes. */
  async close(): Promise<void> {
    const { app } = this;
    this.app = undefined;
    this.address = undefined;
    await app?.close();
  }

  private get service(): GatewayService {
    return this.get(GatewayService);
  }

  private get running(): INestApplicationContext {
    if (!this.app) throw new Error('the gateway is not running: await gateway.start() or gateway.listen() first');
    return this.app;
  }

  private assertNotStarted(): void {
    if (this.app) throw new Error('the gateway is running: configure it before it starts, or close it first');
  }
}

/** Nest's own name of each level, the loudest last, and what `log.level` calls it. */
const LEVELS = { error: 'error', warn: 'warn', log: 'info', debug: 'debug', verbose: 'verbose' } as const;

/** The lines of a gateway hold no secrets, whoever made it. */
function loggerOf(composed: Composed, logger: GatewayCreateOptions['logger'] = ['warn']): LoggerService | false {
  if (!Array.isArray(logger)) return logger;
  const loudest = Object.entries(LEVELS).findLast(([name]) => (logger as string[]).includes(name));
  return makeLogger(composed, loudest?.[1] ?? 'error');
}

@Module({})
class GatewayProcessModule {}
