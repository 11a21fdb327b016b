import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type Execution, ExecutionsReader, type Step } from '@longhaul/executions';
import type { JsonValue } from '@longhaul/kernel';
import { essence } from '../runtimes/llm/essence';
import { lineUp, type StepPair } from './line-up';

/** Steps of each side whose results are read together. */
const CHUNK = 50;
/** JSON of both sides that is read together, but for one step that has more; and that is kept for the answer. */
const MAX_LENGTH = 8 * 1_048_576;
/** At most, of a result that is not kept apart from its step. */
const LENGTH_IN_ROW = 65_536;

export const DIFF_OUTCOMES = ['same', 'changed', 'only_left', 'only_right'] as const;
export type DiffOutcome = (typeof DIFF_OUTCOMES)[number];

export interface ComparedStep extends StepPair {
  outcome: DiffOutcome;
  /** It was done once, for both: one has it from the other, or both from a third. */
  shared: boolean;
}

export interface ExecutionDiff {
  left: Execution;
  right: Execution;
  steps: ComparedStep[];
  /** Results were asked for, and not all of them had room. */
  resultsTruncated: boolean;
}

/** Two executions beside each other. */
@Injectable()
export class DiffsService {
  constructor(private readonly reader: ExecutionsReader) {}

  /**
   * As they are now, also while one of them runs. Of the results the first ones, 8 MB in all; the others are compared
   * and left out. Throws `not_found`.
   */
  async diff(
    leftId: string,
    rightId: string,
    owner: string,
    what: 'with results' | 'without results',
  ): Promise<ExecutionDiff> {
    const left = await this.reader.get(leftId, owner);
    const right = await this.reader.get(rightId, owner);
    const pairs = lineUp(await this.reader.stepsOf(left), await this.reader.stepsOf(right));
    const steps: ComparedStep[] = [];
    const room: Room = { length: what === 'with results' ? MAX_LENGTH : 0 };
    for (const chunk of chunksOf(pairs)) steps.push(...(await this.compare(left, right, chunk, room)));
    return { left, right, steps, resultsTruncated: room.length < 0 };
  }

  private async compare(left: Execution, right: Execution, pairs: StepPair[], room: Room): Promise<ComparedStep[]> {
    const keys = pairs.map(({ key }) => key);
    const results = { left: await this.reader.resultsOf(left, keys), right: await this.reader.resultsOf(right, keys) };
    return pairs.map((pair) => {
      const { key } = pair;
      const [mine, its] = [results.left.get(key) ?? null, results.right.get(key) ?? null];
      keep(pair.left, mine, room);
      keep(pair.right, its, room);
      const isSame =
        pair.left &&
        pair.right &&
        endedAlike(pair.left, pair.right) &&
        isDeepStrictEqual(essence(key, mine), essence(key, its));
      return { ...pair, outcome: outcomeOf(pair, isSame ?? false), shared: pair.left?.id === pair.right?.id };
    });
  }
}

/** For how much JSON there is room in the answer. */
interface Room {
  length: number;
}

/** From the first result on that does not fit there are none. */
function keep(step: Step | undefined, result: JsonValue, room: Room): void {
  if (!step || room.length <= 0) return;
  room.length -= step.valueLength ?? JSON.stringify(result).length;
  if (room.length >= 0) step.result = result;
}

function* chunksOf(pairs: StepPair[]): Generator<StepPair[]> {
  let [chunk, length]: [StepPair[], number] = [[], 0];
  for (const pair of pairs) {
    const more = lengthOf(pair.left) + lengthOf(pair.right);
    if (chunk.length === CHUNK || (chunk.length > 0 && length + more > MAX_LENGTH)) {
      yield chunk;
      [chunk, length] = [[], 0];
    }
    chunk.push(pair);
    length += more;
  }
  if (chunk.length > 0) yield chunk;
}

function lengthOf(step: Step | undefined): number {
  return step?.status === 'completed' ? (step.valueLength ?? LENGTH_IN_ROW) : 0;
}

function outcomeOf({ left, right }: StepPair, isSame: boolean): DiffOutcome {
  if (!right) return 'only_left';
  if (!left) return 'only_right';
  return isSame ? 'same' : 'changed';
}

function endedAlike(left: Step, right: Step): boolean {
  return (
    left.status === right.status &&
    left.error?.code === right.error?.code &&
    left.error?.message === right.error?.message
  );
}
