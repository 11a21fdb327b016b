import { Injectable, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { type ExecutionChange, type ExecutionRecord, OnExecution } from 'longhaul';

/** Writes down how each execution ended. Nest's own life-cycle interfaces work beside Longhaul's hooks. */
@Injectable()
export class Audit implements OnApplicationBootstrap {
  private readonly logger = new Logger('Audit');

  onApplicationBootstrap(): void {
    this.logger.log('listens');
  }

  @OnExecution('completed', 'failed', 'cancelled')
  record({ id, agent }: ExecutionRecord, change: ExecutionChange): void {
    this.logger.log(`${agent} ${change} (${id})`);
  }
}

@Module({ providers: [Audit] })
export class AuditModule {}
