import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { Batcher } from '@longhaul/kernel';
import { HintBus } from '@longhaul/queue';
import { Dispatcher } from './dispatcher';
import { wakeReady } from './statements/wake';
import { TransitionParticipants } from './transition-participant';

/** Sends what waits back to the queue when something has come for it. Never awaited, never an error: a sweep does it too. */
@Injectable()
export class Waker {
  private readonly logger = new Logger(Waker.name);
  private readonly asked = new Batcher<string, void>((ids) => this.wakeMany(ids), { maxItems: 200 });

  constructor(
    private readonly database: Database,
    private readonly participants: TransitionParticipants,
    private readonly dispatcher: Dispatcher,
    private readonly hints: HintBus,
  ) {}

  /** Something may have come for this execution, and that is committed. */
  wake(executionId: string): void {
    this.asked.add(executionId).catch((error: unknown) => {
      this.logger.warn(`${executionId} could not be woken, a sweep will: ${String(error)}`);
    });
  }

  private async wakeMany(executionIds: string[]): Promise<void[]> {
    for (const execution of await wakeReady(this.database, executionIds, this.participants)) {
      this.dispatcher.ring(execution);
      this.hints.publish({ kind: 'execution', executionId: execution.id });
    }
    return executionIds.map(() => undefined);
  }
}
