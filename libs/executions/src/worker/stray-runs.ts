import { Injectable, Logger } from '@nestjs/common';
import { Announcer } from '../announcer';
import { ActiveRuns } from './active-runs';
import { ExecutionWrites } from './execution-writes';

/**
 * Executions that lie under this worker's living lease although nobody here runs them: the answer to their claim was
 * lost, or to their end. Seen at two heartbeats in a row they go back to the queue, at no cost.
 */
@Injectable()
export class StrayRuns {
  private readonly logger = new Logger(StrayRuns.name);
  private suspects = new Set<string>();

  constructor(
    private readonly runs: ActiveRuns,
    private readonly writes: ExecutionWrites,
    private readonly announcer: Announcer,
  ) {}

  /** `running` is what the database says of this worker at this heartbeat. Never rejects. */
  async giveBack(running: string[], workerId: string): Promise<void> {
    try {
      await this.release(running, workerId);
    } catch (error) {
      this.logger.warn(`forgotten executions could not be given back, the next heartbeat tries: ${String(error)}`);
    }
  }

  private async release(running: string[], workerId: string): Promise<void> {
    const strays = running.filter((executionId) => !this.runs.isInHand(executionId));
    const certain = strays.filter((executionId) => this.suspects.has(executionId));
    this.suspects = new Set(strays);
    for (const executionId of certain) {
      const fence = await this.writes.fenceOf(executionId, workerId);
      if (!fence || this.runs.isInHand(executionId)) continue;
      const execution = await this.writes.endings.add({ fence, ending: { kind: 'released' } });
      this.logger.warn(`${executionId} was claimed by this worker and forgotten: it goes back to the queue`);
      if (execution) this.announcer.stopped(execution);
    }
  }
}
