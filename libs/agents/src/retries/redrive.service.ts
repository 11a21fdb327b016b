import { Injectable } from '@nestjs/common';
import {
  ABSENT,
  type DeadLetterFilter,
  type DeadLetterRecord,
  type DeadLetterRefusal,
  DeadLettersReader,
  endOf,
  type Execution,
  ExecutionsReader,
  type WalkEnd,
  type WalkPlace,
} from '@longhaul/executions';
import { type ErrorCode, LonghaulError } from '@longhaul/kernel';
import type { ChangedInput } from './changed-input';
import { RetriesService } from './retries.service';

/** Executions whose inputs are in memory at once. */
const CHUNK = 50;

export interface Pace {
  /** How many of them begin in a second. */
  perS: number;
  /** Before the first one begins. */
  delayMs: number;
}

export interface Redriven extends WalkEnd {
  items: RedrivenItem[];
  refused: DeadLetterRefusal[];
}

export interface RedrivenItem {
  /** The new one. */
  execution: Execution;
  retryOf: string;
  /** It was redriven before, and this is the execution of then. */
  repeated: boolean;
}

/**
 * Redrives many dead letters, spread over time by their due times, which are rows: a process that dies meanwhile takes
 * none of them along. What is refused is said of each, and holds up no other.
 */
@Injectable()
export class RedriveService {
  constructor(
    private readonly retries: RetriesService,
    private readonly reader: ExecutionsReader,
    private readonly letters: DeadLettersReader,
  ) {}

  /** Also what was discarded; the first `room` of them. The change is for one only. */
  async redriveThese(
    owner: string,
    executionIds: string[],
    room: number,
    pace: Pace,
    change: ChangedInput = {},
  ): Promise<Redriven> {
    const found = new Map(
      (await this.letters.these(executionIds, owner)).map((letter) => [letter.executionId, letter]),
    );
    const ids = [...new Set(executionIds)];
    const letters = ids.flatMap((id) => found.get(id) ?? []);
    const absent = ids.filter((id) => !found.has(id)).map((executionId) => ({ executionId, ...ABSENT }));
    const redrive = await this.redrive(owner, letters.slice(0, room), pace, change);
    const left = [
      ...redrive.left.map(({ executionId }) => ({ executionId, code: 'queue_full', message: FULL })),
      ...letters.slice(room).map(({ executionId }) => ({ executionId, code: 'too_many_executions', message: NO_ROOM })),
    ];
    return { items: redrive.items, refused: [...absent, ...redrive.refused, ...left], remaining: 0 };
  }

  /**
   * At most `max` of what is open, oldest failure first. Ends early where the queue is full. What may have had an effect
   * that must not be had twice is left to somebody who names it: by its id, or by that reason.
   */
  async redriveMatching(
    owner: string,
    filter: DeadLetterFilter,
    pace: Pace,
    { max, after }: { max: number; after?: WalkPlace | undefined },
  ): Promise<Redriven> {
    const { page, until, left: behind } = await this.letters.walk(owner, filter, max, after);
    const doubtful = filter.reason === IN_DOUBT ? [] : page.filter(({ reason }) => reason === IN_DOUBT);
    const letters = page.filter((letter) => !doubtful.includes(letter));
    const { items, refused, left } = await this.redrive(owner, letters, pace, {});
    const ends = left[0] === undefined ? page.length : page.indexOf(left[0]);
    return {
      items,
      refused: [...doubtful.map(({ executionId }) => ({ executionId, code: IN_DOUBT, message: DOUBT })), ...refused],
      ...endOf(page.slice(0, ends), until, page.length - ends + behind),
    };
  }

  /** `left`: those at the end that found the queue full. Throws that where not even the first one came in. */
  private async redrive(owner: string, letters: DeadLetterRecord[], pace: Pace, change: ChangedInput) {
    const items: RedrivenItem[] = [];
    const refused: DeadLetterRefusal[] = [];
    for (let at = 0; at < letters.length; at += CHUNK) {
      const chunk = letters.slice(at, at + CHUNK);
      const ids = chunk.map(({ executionId }) => executionId);
      const failed = new Map((await this.reader.findMany(ids, owner)).map((execution) => [execution.id, execution]));
      const outcomes = await Promise.all(
        chunk.map((letter, index) => {
          const delayMs = pace.delayMs + Math.floor(((at + index) * 1_000) / pace.perS);
          return this.redriveOne(failed.get(letter.executionId), letter, change, delayMs);
        }),
      );
      const full = outcomes.findIndex((outcome) => outcome instanceof LonghaulError && outcome.code === 'queue_full');
      outcomes.forEach((outcome, index) => {
        const executionId = ids[index] ?? '';
        if (!(outcome instanceof LonghaulError)) items.push(outcome);
        else if (outcome.code !== 'queue_full')
          refused.push({ executionId, code: outcome.code, message: messageOf(outcome) });
      });
      if (full === 0 && items.length === 0) throw outcomes[0];
      if (full >= 0) return { items, refused, left: letters.slice(at + full) };
    }
    return { items, refused, left: [] };
  }

  private async redriveOne(
    failed: Execution | undefined,
    letter: DeadLetterRecord,
    change: ChangedInput,
    delayMs: number,
  ): Promise<RedrivenItem | LonghaulError> {
    if (!failed) return new LonghaulError(ABSENT.code, ABSENT.message);
    try {
      const { execution, replayed } = await this.retries.redrive(failed, letter, change, delayMs);
      return { execution, retryOf: failed.id, repeated: replayed };
    } catch (error) {
      if (error instanceof LonghaulError) return error;
      throw error;
    }
  }
}

const IN_DOUBT = 'effect_unknown' satisfies ErrorCode;
const DOUBT = 'a step of it may have had its effect: find out, then redrive it by its id, or discard it';
const NO_ROOM = 'no place is left in max_concurrent: redrive it again when others are over';
const FULL = 'the queue is full: redrive it again when it is shorter';

/** With the first thing that is wrong: a list has no room for all of them. */
function messageOf({ message, issues }: LonghaulError): string {
  const [first] = issues ?? [];
  return first === undefined || message.startsWith(first.path)
    ? message
    : `${message} (${first.path}: ${first.message})`;
}
