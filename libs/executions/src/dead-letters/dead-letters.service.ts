import { Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { discardDeadLetters } from '../statements/dead-letters';
import type { DeadLetterFilter } from './dead-letter-filter';
import { DeadLettersReader, type WalkPlace } from './dead-letters.reader';

/** What was asked of one dead letter and not done, and why. */
export interface DeadLetterRefusal {
  executionId: string;
  code: string;
  message: string;
}

/** `remaining` come after `next` in what was asked for; both 0 and absent when all was looked at. */
export interface WalkEnd {
  remaining: number;
  next?: WalkPlace;
}

export interface Discarded extends WalkEnd {
  executionIds: string[];
  refused: DeadLetterRefusal[];
}

/** Gives dead letters up. Their redrive belongs to whoever knows how to submit: see the libs above. */
@Injectable()
export class DeadLettersService {
  constructor(
    private readonly database: Database,
    private readonly reader: DeadLettersReader,
  ) {}

  /** One that is discarded already counts as done, and keeps its reason. */
  async discardThese(owner: string, executionIds: string[], reason: string): Promise<Discarded> {
    const done = await discardDeadLetters(this.database, executionIds, owner, storable(reason));
    const others = executionIds.filter((id) => !done.has(id));
    const states = new Map((await this.reader.these(others, owner)).map((record) => [record.executionId, record]));
    const refused: DeadLetterRefusal[] = [];
    for (const executionId of new Set(others)) {
      const found = states.get(executionId);
      if (!found) refused.push({ executionId, ...ABSENT });
      else if (found.redrivenAs === null) done.add(executionId);
      else {
        const message = `it was redriven as ${found.redrivenAs}: cancel that one`;
        refused.push({ executionId, code: 'dead_letter_handled', message });
      }
    }
    return { executionIds: [...done], refused, remaining: 0 };
  }

  /** At most `max` of what is open, oldest failure first. */
  async discardMatching(
    owner: string,
    filter: DeadLetterFilter,
    reason: string,
    { max, after }: { max: number; after?: WalkPlace | undefined },
  ): Promise<Discarded> {
    const { page, until, left } = await this.reader.walk(owner, filter, max, after);
    const ids = page.map(({ executionId }) => executionId);
    const done = await discardDeadLetters(this.database, ids, owner, storable(reason));
    return { executionIds: [...done], refused: [], ...endOf(page, until, left) };
  }
}

export const ABSENT = { code: 'not_found', message: 'there is no dead letter of such an execution' } as const;

export function endOf(page: { failedAt: number; executionId: string }[], until: number, left: number): WalkEnd {
  const last = page.at(-1);
  if (left === 0 || !last) return { remaining: left };
  return { remaining: left, next: { until, failedAt: last.failedAt, executionId: last.executionId } };
}

/** PostgreSQL takes no NUL. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}
