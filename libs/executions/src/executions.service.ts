import { Injectable } from '@nestjs/common';
import { faults, LonghaulError } from '@longhaul/kernel';
import { currentTraceparent, inSpan } from '@longhaul/telemetry';
import { Announcer } from './announcer';
import type { Execution } from './entities/execution.entity';
import { ExecutionWaiter } from './execution-waiter';
import { ExecutionsReader, executionNotFound } from './executions.reader';
import { isTerminal } from './lifecycle/status';
import { QueueDepth } from './queue-depth';
import { RequestWrites } from './request-writes';
import type { SubmitOutcome } from './statements/submit';
import type { SubmitCommand } from './submit-command';

/** What everyone above the lifecycle may ask of it: submit, wait, cancel. Reads are `ExecutionsReader`'s. */
@Injectable()
export class ExecutionsService {
  constructor(
    private readonly writes: RequestWrites,
    private readonly announcer: Announcer,
    private readonly waiter: ExecutionWaiter,
    private readonly reader: ExecutionsReader,
    private readonly depth: QueueDepth,
  ) {}

  /**
   * Accepts an execution. Resolves after its row is committed, without waiting for the broker. Throws `queue_full`
   * at `queue.max_depth`, `idempotency_key_reused` for a key that stands for another body, or the driver's error when
   * the database does not answer: then it is in doubt whether it was accepted, and the same Idempotency-Key tells.
   */
  async submit(command: SubmitCommand): Promise<SubmitOutcome> {
    this.depth.admit();
    const attributes = { 'gen_ai.agent.name': command.target, 'longhaul.queue': command.queue };
    const outcome = await inSpan(`submit ${command.target}`, { kind: 'producer', attributes }, () =>
      this.writes.submissions.add({ ...command, traceparent: currentTraceparent() ?? command.traceparent }),
    );
    if (outcome instanceof LonghaulError) throw outcome;
    if (outcome.replayed) return outcome;
    faults.at('api.submitted');
    this.announcer.accepted(outcome.execution, command.delayMs);
    return outcome;
  }

  /** The execution once it is terminal, or as it stands after `timeoutMs`, or when `signal` aborts. */
  async wait(id: string, owner: string, timeoutMs: number, signal?: AbortSignal): Promise<Execution> {
    const execution = await this.reader.get(id, owner);
    if (isTerminal(execution.status) || timeoutMs <= 0) return execution;
    await this.waiter.terminal(id, timeoutMs, signal);
    return this.reader.get(id, owner);
  }

  /**
   * Asks for an execution to be cancelled and answers it as it stood right after. What has not begun is cancelled
   * now; what runs stops itself. Idempotent, also on a terminal one. Throws `not_found`.
   */
  async cancel(id: string, owner: string): Promise<Execution> {
    const found = await this.writes.cancel(id, owner);
    if (!found) throw executionNotFound(id);
    const { execution, changed } = found;
    if (execution.status === 'running') this.announcer.cancelling(execution, changed);
    else this.announcer.dropped(execution, changed);
    if (changed) await this.cancelChildren(execution);
    return execution;
  }

  /** Down the whole tree. What is missed, because it is just being submitted, a sweep finds. */
  private async cancelChildren({ id, owner }: Execution): Promise<void> {
    for (const child of await this.writes.childrenOf(id)) await this.cancel(child, owner);
  }
}
