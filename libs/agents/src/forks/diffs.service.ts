import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type Execution, ExecutionsReader, type Step } from '@longhaul/executions';
import { essence } from '../runtimes/llm/essence';
import { lineUp, type StepPair } from './line-up';

/** Steps whose results are in memory at once, of each side. */
const CHUNK = 50;

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
}

/** Two executions beside each other. */
@Injectable()
export class DiffsService {
  constructor(private readonly reader: ExecutionsReader) {}

  /** As they are now, also while one of them runs. Throws `not_found`. */
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
    for (let at = 0; at < pairs.length; at += CHUNK) {
      steps.push(...(await this.compare(left, right, pairs.slice(at, at + CHUNK), what === 'with results')));
    }
    return { left, right, steps };
  }

  private async compare(left: Execution, right: Execution, pairs: StepPair[], keep: boolean): Promise<ComparedStep[]> {
    const keys = pairs.map(({ key }) => key);
    const results = { left: await this.reader.resultsOf(left, keys), right: await this.reader.resultsOf(right, keys) };
    return pairs.map((pair) => {
      const { key } = pair;
      const [mine, its] = [results.left.get(key) ?? null, results.right.get(key) ?? null];
      if (keep && pair.left) pair.left.result = mine;
      if (keep && pair.right) pair.right.result = its;
      const isSame =
        pair.left &&
        pair.right &&
        endedAlike(pair.left, pair.right) &&
        isDeepStrictEqual(essence(key, mine), essence(key, its));
      return { ...pair, outcome: outcomeOf(pair, isSame ?? false), shared: pair.left?.id === pair.right?.id };
    });
  }
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
