import { Injectable } from '@nestjs/common';
import { DailySummary, DeliverySender } from '@longhaul/delivery';
import { Sweeper } from '@longhaul/executions';

/** What a worker does by the clock besides running executions: sweeps, sends what is to be delivered, orders the daily summary. */
@Injectable()
export class Clockwork {
  constructor(
    private readonly sweeper: Sweeper,
    private readonly sender: DeliverySender,
    private readonly summary: DailySummary,
  ) {}

  start(): void {
    this.sweeper.start();
    this.sender.start();
    this.summary.start();
  }

  /** None takes anything new; resolves when what they were at is done. */
  async stop(): Promise<void> {
    await Promise.all([this.sweeper.stop(), this.summary.stop(), this.sender.stop()]);
  }
}
