import { BaseRpcContext } from '@nestjs/microservices';
import type { JobControl } from '../scheduler/job-handler';

/** `@Ctx()` of a handler behind `QueueTransport`. */
export class QueueContext extends BaseRpcContext<[JobControl]> implements JobControl {
  ack(): Promise<void> {
    return this.args[0].ack();
  }

  get solo(): boolean {
    return this.args[0].solo;
  }
}
