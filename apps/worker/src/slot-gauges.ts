import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { WorkerLease } from '@longhaul/executions';
import { LaneScheduler } from '@longhaul/queue';
import { Metrics } from '@longhaul/telemetry';
import { WORKER_OPTIONS, type WorkerOptions } from './worker-options';

/** How full this worker is, when somebody scrapes. A worker that started anew is another one: the earlier is gone. */
@Injectable()
export class SlotGauges implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly lease: WorkerLease,
    private readonly scheduler: LaneScheduler,
    @Inject(WORKER_OPTIONS) private readonly options: WorkerOptions,
  ) {}

  onModuleInit(): void {
    this.metrics.beforeScrape(() => {
      this.metrics.clear('slots');
      this.metrics.clear('slotsBusy');
      if (this.lease.id === '' || this.lease.hasEnded) return;
      const labels = { worker: this.lease.id };
      if (this.options.slots !== null) this.metrics.set('slots', labels, this.options.slots);
      this.metrics.set('slotsBusy', labels, this.scheduler.busy);
    });
  }
}
