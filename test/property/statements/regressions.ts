import type { Action } from './action';

/**
 * What a search has found once, told again before every search, on each database: the shrunk story as the failure
 * prints it. (Not its seed: that leads elsewhere as soon as there is one action more to choose from.)
 */
export const STORIES: { found: string; actions: Action[] }[] = [
  {
    found: 'a run whose lease was taken over is heard again (found without the fence)',
    actions: [
      { do: 'submit', submissions: [{ key: null, body: 'one', line: null, delayed: false, maxAttempts: 2 }] },
      { do: 'claim', worker: 0, rings: [0], alone: true, unheard: false },
      { do: 'silence', worker: 0 },
      { do: 'sweep' },
      { do: 'end', endings: [{ run: 0, how: 'completed', forged: null }] },
      { do: 'claim', worker: 1, rings: [0], alone: true, unheard: false },
      { do: 'end', endings: [{ run: 0, how: 'failed', forged: null }] },
      { do: 'append', runs: [0, 1], what: 'delta' },
    ],
  },
];

/** The same in rounds. `order` is what the failure prints as `schedulerFor(…)`: who of those that wait is let go next. */
export const ROUNDS: { found: string; rounds: Action[][]; order: number[] }[] = [];
