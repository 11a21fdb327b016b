import { Injectable } from '@nestjs/common';
import { DeliverySender } from '@longhaul/delivery';
import { Sweeper } from '@longhaul/executions';

/** What a worker does by the clock besides running executions: sweeps, and sends what is to be delivered. */
@Injectable()
export class Clockwork {
  constructor(
    private readonly sweeper: Sweeper,
    private readonly sender: DeliverySender,
  ) {}

  start(): void {
    this.sweeper.start();
    this.sender.start();
  }

  /** Neither takes anything new; resolves when what they were at is done. */
  async stop(): Promise<void> {
    await Promise.all([this.sweeper.stop(), this.sender.stop()]);
  }
}
