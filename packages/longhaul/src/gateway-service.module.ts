import { Global, Module } from '@nestjs/common';
import { GatewayService } from './gateway.service';

/** `GatewayService` for every module of the application. */
@Global()
@Module({ providers: [GatewayService], exports: [GatewayService] })
export class GatewayServiceModule {}
