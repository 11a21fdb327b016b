import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MountedApiModule } from '../../../apps/api/src/mounted/mounted-api.module';
import { compose } from './compose';
import type { GatewayModuleAsyncOptions, GatewayModuleOptions } from './gateway-options';
import { Lazy } from './lazy';

/**
 * A gateway inside a Nest application on Fastify: its agents are the application's providers, its routes stand below
 * `api.prefix`, its worker begins and ends with the application (call `app.enableShutdownHooks()`, or `close()`).
 */
@Module({})
export class GatewayModule {
  /** Reads the configuration and loads the extensions. Throws `ConfigurationError`. */
  static forRoot({ api = {}, ...options }: GatewayModuleOptions = {}): DynamicModule {
    const { role, modules } = compose(options);
    const { prefix = '', owner } = api || {};
    const mounted = MountedApiModule.forRoot({ prefix, ...(owner === undefined ? {} : { owner }) });
    return { module: GatewayModule, imports: [...modules, ...(api === false || role === 'worker' ? [] : [mounted])] };
  }

  /**
   * The same with options that providers know. `imports` are first put together in a container of their own, which
   * lives until the options are known: what a gateway consists of must be known before Nest looks at the application.
   */
  static forRootAsync({ imports = [], inject = [], useFactory }: GatewayModuleAsyncOptions): Promise<DynamicModule> {
    const provider = { provide: OPTIONS, inject, useFactory };
    return new Lazy(async () => {
      const context = await NestFactory.createApplicationContext(
        { module: OptionsModule, imports, providers: [provider] },
        { logger: ['error', 'fatal'], abortOnError: false },
      );
      try {
        return GatewayModule.forRoot(context.get<GatewayModuleOptions>(OPTIONS));
      } finally {
        await context.close();
      }
    });
  }
}

const OPTIONS = Symbol('GatewayModuleOptions');

@Module({})
class OptionsModule {}
