import { Injectable } from '@nestjs/common';
import { DailySummary, DeliverySender } from '@longhaul/delivery';
import { Retention, Sweeper } from '@longhaul/executions';
import { McpServers } from '@longhaul/tools';

/**
 * What a worker does by the clock besides running executions: sweeps, sends what is to be delivered, orders the daily summary,
 * connects to MCP servers, deletes what has been kept long enough.
 */
@Injectable()
export class Clockwork {
  constructor(
    private readonly sweeper: Sweeper,
    private readonly sender: DeliverySender,
    private readonly summary: DailySummary,
    private readonly mcp: McpServers,
    private readonly retention: Retention,
  ) {}

  start(): void {
    this.sweeper.start();
    this.sender.start();
    this.summary.start();
    this.mcp.start();
    this.retention.start();
  }

  /** None takes anything new; resolves when what they were at is done. MCP servers stay until the last run has ended. */
  async stop(): Promise<void> {
    await Promise.all([this.sweeper.stop(), this.summary.stop(), this.sender.stop(), this.retention.stop()]);
  }
}
