import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { GatewayModule } from 'longhaul';
import { AuditModule } from './audit/audit.module.js';
import { OrdersModule } from './orders/orders.module.js';

@Module({
  imports: [
    GatewayModule.forRoot({
      workspace: join(__dirname, '../workspace'),
      queue: { backend: 'memory' },
      // A module that only the gateway needs.
      extensions: [AuditModule],
      api: { prefix: 'ai' },
    }),
    OrdersModule,
  ],
})
export class AppModule {}
