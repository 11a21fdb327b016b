import type { Fork } from './entities/execution.entity';

/** What records tell of a fork; a prompt is long, and may say what not everybody is to read. */
export interface ForkFacts {
  from_step?: string;
  /** `input`, `prompt`, `model`, `step_results.KEY`. */
  changed: string[];
  model?: string;
}

export function forkFacts({ from_step, input, prompt, model, step_results: results = [] }: Fork): ForkFacts {
  const changed = [
    ...(input ? ['input'] : []),
    ...(prompt === undefined ? [] : ['prompt']),
    ...(model === undefined ? [] : ['model']),
    ...results.map((key) => `step_results.${key}`),
  ];
  return {
    ...(from_step === undefined ? {} : { from_step }),
    changed,
    ...(model === undefined ? {} : { model }),
  };
}
