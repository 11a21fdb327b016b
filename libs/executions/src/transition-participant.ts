import { Injectable } from '@nestjs/common';
import type { Dialect, Write } from '@longhaul/database';
import type { Execution } from './entities/execution.entity';
import type { TransitionName } from './lifecycle/transitions';
import { writeDeadLetters } from './statements/dead-letters';

/** A row of the transition table that came true for an execution, which is given as it stands after it. */
export interface TransitionChange {
  transition: TransitionName;
  execution: Execution;
}

/**
 * Lets a lib above write in the transaction of a transition: its rows are there exactly when the new status is.
 *
 * `write` gets all changes of one transaction at once and should answer with one statement for all; it yields nothing
 * where nothing concerns it. It comes last, after the fence, so what was refused never reaches it. It may run more than
 * once for one transaction. A statement that fails undoes the transition: write what cannot be refused.
 */
export abstract class TransitionParticipant {
  abstract write(dialect: Dialect, changes: readonly TransitionChange[]): Write<void>;
}

/**
 * Who takes part in the transitions: registered by the libs above when the process starts. Dead letters are this lib's
 * own, and written with whatever transition leads to `failed`.
 */
@Injectable()
export class TransitionParticipants {
  private readonly participants: TransitionParticipant[] = [];

  register(participant: TransitionParticipant): void {
    this.participants.push(participant);
  }

  *write(dialect: Dialect, changes: readonly TransitionChange[]): Write<void> {
    if (changes.length === 0) return;
    yield* writeDeadLetters(dialect, changes);
    for (const participant of this.participants) yield* participant.write(dialect, changes);
  }
}

/** For statements outside of a process that has any: only dead letters are written. */
export const NOBODY = new TransitionParticipants();
