import { Injectable } from '@nestjs/common';
import {
  DeadLettersReader,
  type DeadLetterRecord,
  type Execution,
  ExecutionsReader,
  ExecutionsService,
  type SubmitOutcome,
} from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import { AgentsService } from '../agents.service';
import { assertFits, assertRunnable } from '../submission-checks';
import { assertAgent } from './assert-agent';
import { askedAnew, assertSameChange, type ChangedInput } from './changed-input';
import { assertHasStep, assertSamePlace } from './from-step';
import { retryCommand } from './retry-command';

/** How often to look again at a dead letter that somebody else handles at the same moment. */
const MAX_LOOKS = 3;

/** Failed executions, tried anew as new ones. The failed one never changes. */
@Injectable()
export class RetriesService {
  constructor(
    private readonly agents: AgentsService,
    private readonly executions: ExecutionsService,
    private readonly reader: ExecutionsReader,
    private readonly letters: DeadLettersReader,
  ) {}

  /**
   * Has it tried anew, also when its dead letter was discarded. It was already: answers the execution that it is tried
   * anew as (`replayed`), unless that one was cancelled (then there is another one) or failed as well (then that one is
   * tried anew). Throws `not_found`, `not_failed`, `already_retried` where the change is another one, and all that a
   * submission may.
   *
   * With `fromStep` the new one has what the failed one recorded of what it began before that step. Throws
   * `invalid_request` where there is no such step, `already_retried` where it was tried anew from another place.
   */
  async retry(id: string, owner: string, change: ChangedInput = {}, fromStep?: string): Promise<SubmitOutcome> {
    let looks = 0;
    for (let failed = await this.reader.get(id, owner); ;) {
      assertFailed(failed);
      const letter = await this.letters.get(failed.id, owner);
      const successor = letter.redrivenAs === null ? null : await this.reader.find(letter.redrivenAs, owner);
      if (successor?.status === 'failed') {
        failed = successor;
        continue;
      }
      if (successor && successor.status !== 'cancelled') {
        assertSameChange(failed, successor, change);
        await assertSamePlace(this.reader, failed, successor, fromStep);
        return { execution: successor, replayed: true };
      }
      if (fromStep !== undefined) await assertHasStep(this.reader, failed, fromStep);
      try {
        return await this.submit(failed, letter, change, 0, fromStep);
      } catch (error) {
        looks += 1;
        if (!isHandled(error) || looks === MAX_LOOKS) throw error;
      }
    }
  }

  /**
   * Has it tried anew `delayMs` from now, unless it was already, whatever became of that. Throws `already_retried`, what
   * a submission may, or `dead_letter_handled` when somebody discards it at the same moment.
   */
  async redrive(
    failed: Execution,
    letter: DeadLetterRecord,
    change: ChangedInput,
    delayMs: number,
  ): Promise<SubmitOutcome> {
    if (letter.redrivenAs === null) return this.submit(failed, letter, change, delayMs);
    const execution = await this.reader.get(letter.redrivenAs, failed.owner);
    assertSameChange(failed, execution, change);
    return { execution, replayed: true };
  }

  private async submit(
    failed: Execution,
    letter: DeadLetterRecord,
    change: ChangedInput,
    delayMs: number,
    fromStep?: string,
  ): Promise<SubmitOutcome> {
    assertAgent(failed, 'retry');
    const agent = this.agents.get(failed.target);
    assertRunnable(agent);
    const input = askedAnew(failed, change);
    assertFits(agent, input);
    const outcome = await this.executions.submit(
      retryCommand(failed, letter, { agent, input, delayMs, ...(fromStep === undefined ? {} : { fromStep }) }),
    );
    if (outcome.replayed) {
      assertSameChange(failed, outcome.execution, change);
      await assertSamePlace(this.reader, failed, outcome.execution, fromStep);
    }
    return outcome;
  }
}

function assertFailed({ id, status }: Execution): void {
  if (status === 'failed') return;
  throw new LonghaulError('not_failed', `${id} is ${status}: only what has failed can be tried anew`, {
    details: { execution_id: id },
  });
}

function isHandled(error: unknown): boolean {
  return error instanceof LonghaulError && error.code === 'dead_letter_handled';
}
