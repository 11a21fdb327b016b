import { isDeepStrictEqual } from 'node:util';
import { DIFF_OUTCOMES, type ExecutionDiff } from '@longhaul/agents';
import type { Execution } from '@longhaul/executions';
import { executionView, stepView } from './execution-view';

/** The wire form of two executions beside each other. */
export function diffView({ left, right, steps, resultsTruncated }: ExecutionDiff) {
  const count = (outcome: string) => steps.filter((step) => step.outcome === outcome).length;
  return {
    left: sideView(left),
    right: sideView(right),
    input: alike(left.input, right.input),
    output: alike(left.output, right.output),
    shared_steps: steps.filter(({ shared }) => shared).length,
    results_truncated: resultsTruncated,
    counts: Object.fromEntries(DIFF_OUTCOMES.map((outcome) => [outcome, count(outcome)])),
    steps: steps.map((step) => ({
      key: step.key,
      outcome: step.outcome,
      shared: step.shared,
      ...(step.left ? { left: stepView(step.left, left) } : {}),
      ...(step.right ? { right: stepView(step.right, right) } : {}),
    })),
  };
}

function sideView(execution: Execution) {
  const { startedAt, completedAt, fork } = execution;
  return {
    execution: executionView(execution),
    ...(startedAt === null || completedAt === null ? {} : { duration_ms: completedAt - startedAt }),
    ...(fork?.prompt === undefined ? {} : { prompt: fork.prompt }),
    ...(fork?.model === undefined ? {} : { model: fork.model }),
  };
}

function alike(left: unknown, right: unknown): 'same' | 'changed' {
  return isDeepStrictEqual(left, right) ? 'same' : 'changed';
}
