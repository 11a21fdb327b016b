import { Injectable } from '@nestjs/common';
import { Metrics } from '@longhaul/telemetry';
import type { Execution } from './entities/execution.entity';
import { isTerminal } from './lifecycle/status';

/** Counts what became of executions by this process: called once for each change, after its commit. */
@Injectable()
export class ExecutionCounters {
  constructor(private readonly metrics: Metrics) {}

  accepted({ target: agent }: Execution): void {
    this.metrics.add('accepted', { agent });
  }

  /** Both moments are the database's. A later start follows a run of its own execution, and says nothing of the queue. */
  started({ target: agent, epoch, startedAt, dueAt }: Execution): void {
    if (epoch === 1 && startedAt !== null) this.metrics.observe('wait', { agent }, (startedAt - dueAt) / 1_000);
  }

  /** What a run's end, a cancel or a sweep made of it. */
  changed({ target: agent, status, countsAttempt }: Execution): void {
    if (isTerminal(status)) this.metrics.add('completed', { status, agent });
    if (status === 'failed') this.metrics.add('deadLetters', { agent });
    // What was released, or lost its worker, goes back at no cost to its attempts.
    if (status === 'queued' && countsAttempt) this.metrics.add('retries', { agent });
  }

  ran({ target: agent }: Execution, seconds: number): void {
    this.metrics.observe('run', { agent }, seconds);
  }

  /** `fenced`: by itself; the others are leases of other workers, which this process ended. */
  leasesLost(cause: 'fenced' | 'silent' | 'died', count = 1): void {
    this.metrics.add('leaseLosses', { cause }, count);
  }
}
