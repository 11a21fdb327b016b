import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ActiveRuns, ExecutionProcessor, WorkerLease } from '@longhaul/executions';
import { LaneScheduler } from '@longhaul/queue';
import { Clockwork } from './clockwork';
import { WORKER_OPTIONS, type WorkerOptions } from './worker-options';

/** How long released runs may take to stop and be written before the process ends without them. */
const RELEASE_LIMIT_MS = 10_000;
/** How long a shutdown waits for an answer of the database. */
const DATABASE_LIMIT_MS = 5_000;

/**
 * The worker's beginning and end, in order. It ends in phases: take nothing more, let what runs finish, release the
 * rest (at no cost to its attempts), end the lease. Only then do the transport and the connections close.
 */
@Injectable()
export class ShutdownConductor implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ShutdownConductor.name);
  private started = false;
  private draining: Promise<void> | undefined;

  constructor(
    private readonly scheduler: LaneScheduler,
    private readonly lease: WorkerLease,
    private readonly clockwork: Clockwork,
    private readonly runs: ActiveRuns,
    private readonly processor: ExecutionProcessor,
    @Inject(WORKER_OPTIONS) private readonly options: WorkerOptions,
  ) {}

  /** Before the transport listens: nothing can be claimed without a lease. */
  async onApplicationBootstrap(): Promise<void> {
    const { queues, slots, version } = this.options;
    await this.lease.start({ queues, slots, version });
    this.clockwork.start();
    this.started = true;
    this.lease.whenAskedToDrain(() => this.leave('its drain was asked for'));
    this.recycle();
    if (this.options.embedded) this.scheduler.start((job, control) => this.processor.process(job, control));
  }

  async onModuleDestroy(): Promise<void> {
    if (this.started) await this.drain();
  }

  private recycle(): void {
    const { maxExecutions, leave } = this.options;
    if (maxExecutions === 0) return;
    if (leave) this.runs.whenOpened(maxExecutions, () => this.leave(`it has begun ${maxExecutions} executions`));
    else
      this.logger.warn('worker.max_executions is for serve --worker-only: this process does more than that, and stays');
  }

  /** The process ends, or where it does more than this, goes on without a worker. */
  private leave(reason: string): void {
    if (this.draining) return;
    const { leave } = this.options;
    this.logger.log(`this worker takes nothing more: ${reason}`);
    const drained = this.drain();
    if (leave) leave();
    else void drained.then(() => this.logger.warn('this process has no worker any more: restart it to have one'));
  }

  private drain(): Promise<void> {
    return (this.draining ??= this.inPhases());
  }

  private async inPhases(): Promise<void> {
    this.scheduler.stop();
    if (this.scheduler.active > 0) void this.lease.drains();
    await within(DATABASE_LIMIT_MS, this.clockwork.stop());
    if (this.scheduler.active > 0) {
      this.logger.log(`draining ${this.scheduler.active} executions, at most ${this.options.drainTimeoutMs / 1000} s`);
    }
    await within(this.options.drainTimeoutMs, this.scheduler.idle());
    this.runs.abortAll('drain');
    await within(RELEASE_LIMIT_MS, this.scheduler.idle());
    if (this.scheduler.active > 0) {
      this.logger.warn(
        `${this.scheduler.active} executions did not stop; another worker takes them when the lease ends`,
      );
    }
    // A lease that cannot be ended runs out by itself; what follows must not wait for a database that is away.
    const ended = this.lease.end().catch((error: unknown) => this.logger.warn(`the lease goes on: ${String(error)}`));
    await within(DATABASE_LIMIT_MS, ended);
  }
}

async function within(limitMs: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([done, new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)))]);
  clearTimeout(timer);
}
