import { Global, Inject, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ConfigModule, getConfigToken, registerAs } from '@nestjs/config';
import type { LoadedGatewayConfig } from './gateway-config';

const NAMESPACE = 'gateway';

/** Injection token of `GatewayConfig`, for `useFactory` providers. */
export const GATEWAY_CONFIG = getConfigToken(NAMESPACE);

/** `constructor(@InjectGatewayConfig() private readonly config: GatewayConfig)` */
export const InjectGatewayConfig = (): ParameterDecorator & PropertyDecorator => Inject(GATEWAY_CONFIG);

/**
 * The loaded configuration in the Nest container, everywhere: by `@InjectGatewayConfig()`, or one key by
 * `ConfigService.get('gateway.queue.backend')`. Reads and changes neither files nor `process.env`: what the loader
 * checked is what everybody gets. An application that has a `ConfigModule` of its own keeps it as it is: this one only
 * adds its namespace.
 */
@Global()
@Module({})
export class GatewayConfigModule {
  static forRoot(loaded: LoadedGatewayConfig): DynamicModule {
    return {
      module: GatewayConfigModule,
      imports: [ConfigModule.forFeature(registerAs(NAMESPACE, () => loaded.config))],
      exports: [ConfigModule],
    };
  }
}
