import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { QueueJob } from '../queue-job';
import type { JobControl, JobHandler, JobOutcome } from '../scheduler/job-handler';
import { LaneScheduler } from '../scheduler/lane-scheduler';
import { QueueContext } from './queue-context';

/** The pattern of the one message there is: `@MessagePattern(EXECUTION_JOB)`. */
export const EXECUTION_JOB = 'execution.job';

/**
 * The queue as a Nest transport: the worker is an ordinary microservice whose handler receives a `QueueJob` and a
 * `QueueContext`. Outcomes go back to the scheduler as values; none travels through RPC filters, which would flatten
 * every error into "Internal server error".
 */
export class QueueTransport extends Server implements CustomTransportStrategy {
  constructor(private readonly scheduler: LaneScheduler) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    const handler = this.getHandlerByPattern(EXECUTION_JOB);
    if (!handler) {
      callback(new Error(`no handler for @MessagePattern('${EXECUTION_JOB}') in the worker`));
      return;
    }
    const handle: JobHandler = async (job: QueueJob, control: JobControl) => {
      const answer = this.transformToObservable(await handler(job, new QueueContext([control])));
      return lastValueFrom(answer) as Promise<JobOutcome>;
    };
    this.scheduler.start(handle);
    callback();
  }

  /** After the drain: there is nothing left but to take no more. */
  close(): void {
    this.scheduler.stop();
  }

  on(): void {
    throw new Error('QueueTransport has no events');
  }

  unwrap<T>(): T {
    return this.scheduler as T;
  }
}
