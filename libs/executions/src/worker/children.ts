import { Injectable } from '@nestjs/common';
import { LonghaulError } from '@longhaul/kernel';
import { Announcer } from '../announcer';
import { RequestWrites } from '../request-writes';
import type { SubmitCommand } from '../submit-command';

/** Has the executions accepted that running ones ask for. */
@Injectable()
export class Children {
  constructor(
    private readonly requests: RequestWrites,
    private readonly announcer: Announcer,
  ) {}

  /** Resolves when it is accepted, which another run of the step may have had done; it is rung for then. */
  async submit(command: SubmitCommand): Promise<void> {
    const outcome = await this.requests.submissions.add(command);
    if (outcome instanceof LonghaulError) throw outcome;
    if (!outcome.replayed) this.announcer.accepted(outcome.execution, command.delayMs);
  }
}
