import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { ExecutionProcessor } from '@longhaul/executions';
import { EXECUTION_JOB, type JobOutcome, QueueContext, type QueueJob } from '@longhaul/queue';

@Controller()
export class ExecutionJobController {
  constructor(private readonly processor: ExecutionProcessor) {}

  @MessagePattern(EXECUTION_JOB)
  handle(@Payload() job: QueueJob, @Ctx() context: QueueContext): Promise<JobOutcome> {
    return this.processor.process(job, context);
  }
}
