import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorFunction } from '@nestjs/terminus';
import { Database } from '@longhaul/database';
import { WorkerLease } from '@longhaul/executions';
import { ExecutionQueue } from '@longhaul/queue';
import { ReadinessState } from './readiness-state';
import { WorkspaceCheck } from './workspace-check';

const TIMEOUT_MS = 3_000;

/** What readiness looks at, each by its name. */
@Injectable()
export class Dependencies {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
    private readonly queue: ExecutionQueue,
    private readonly workspace: WorkspaceCheck,
    private readonly readiness: ReadinessState,
    private readonly worker: WorkerLease,
  ) {}

  indicatorsOf(): HealthIndicatorFunction[] {
    return [
      () => this.process(),
      this.indicators
        .check('database')
        .attempt(() => this.database.ping())
        .withTimeout(TIMEOUT_MS),
      this.indicators
        .check('queue')
        .attempt(() => this.queue.ping())
        .withTimeout(TIMEOUT_MS),
      ...this.workspace.indicatorsOf(),
      ...(this.worker.hasEnded ? [() => this.drainedWorker()] : []),
    ];
  }

  /** The API serves on: degraded, not down. */
  private drainedWorker() {
    return this.indicators.check('worker').degraded('drained; restart this process to have a worker again');
  }

  private process() {
    const indicator = this.indicators.check('process');
    return this.readiness.ready ? indicator.up() : indicator.down('shutting down');
  }
}
