import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Database } from '@longhaul/database';
import { IdWalk, Retention, RetentionParticipant } from '@longhaul/executions';
import { deleteDeliveries, meetDeliveries } from './statements/old-deliveries';

/** Pages of a walk at one look. */
const MAX_PAGES = 20;

/** A delivery that has ended goes, with its tries, when that is as long ago as an execution is kept; till it ends its execution stays. */
@Injectable()
export class DeliveryRetention extends RetentionParticipant implements OnModuleInit {
  // What is pending is found by an index of its own.
  override readonly keeps = `e.id IN (SELECT d.execution_id FROM deliveries d
    WHERE d.status = 'pending' AND d.execution_id IS NOT NULL)`;
  private walk: IdWalk | undefined;

  constructor(private readonly retention: Retention) {
    super();
  }

  onModuleInit(): void {
    this.retention.register(this);
  }

  override async tidy(database: Database, keptMs: number): Promise<void> {
    const walk = (this.walk ??= new IdWalk((after) => meetDeliveries(database, after, keptMs)));
    const finish = async (ids: string[]) => {
      await deleteDeliveries(database, ids);
      return true;
    };
    for (let page = 0; page < MAX_PAGES && (await walk.step(finish)); page += 1);
  }
}
