import { Injectable } from '@nestjs/common';
import { ExecutionQueue } from '../../execution-queue';
import type { QueueDelivery, QueueJob } from '../../queue-job';
import { Fifo } from './fifo';

/**
 * The queue inside one process, also that of the backend `none`. What waits here is gone with the process, and that
 * loses nothing: the rows are in the database, and a worker without work finds them there.
 */
@Injectable()
export class MemoryQueue extends ExecutionQueue {
  override readonly crossProcess = false;
  private readonly lanes = new Map<string, Fifo<QueueJob>>();

  enqueue(lane: string, job: QueueJob): Promise<void> {
    this.lane(lane).push(job.jobId, job);
    return Promise.resolve();
  }

  dequeue(lane: string): Promise<QueueDelivery | null> {
    const job = this.lane(lane).shift();
    return Promise.resolve(job ? { lane, job, receipt: null } : null);
  }

  ack(): Promise<void> {
    return Promise.resolve();
  }

  nack(delivery: QueueDelivery): Promise<void> {
    return this.enqueue(delivery.lane, delivery.job);
  }

  cancel(lane: string, jobId: string): Promise<boolean> {
    return Promise.resolve(this.lane(lane).remove(jobId));
  }

  override depth(lane: string): Promise<number> {
    return Promise.resolve(this.lane(lane).size);
  }

  private lane(name: string): Fifo<QueueJob> {
    let lane = this.lanes.get(name);
    if (!lane) this.lanes.set(name, (lane = new Fifo()));
    return lane;
  }
}
