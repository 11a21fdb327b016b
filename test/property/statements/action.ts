import fc from 'fast-check';

/** One thing that somebody does. Picks count back from the newest of what there is then, so that any list is a story. */
export type Action =
  | { do: 'submit'; submissions: Submission[] }
  | { do: 'claim'; worker: number; rings: number[]; alone: boolean; unheard: boolean }
  | { do: 'append'; runs: number[]; what: 'delta' | 'step' }
  | { do: 'end'; endings: { run: number; how: How; forged: 'epoch' | 'worker' | null }[] }
  | { do: 'cancel'; of: number; stranger: boolean }
  /** Dead letters are tried anew, each as another execution. */
  | { do: 'redrive'; letters: number[] }
  | { do: 'discard'; letters: number[] }
  | { do: 'idle'; worker: number }
  | { do: 'heartbeat'; worker: number }
  /** Frozen or cut off for longer than its lease; it may know nothing of it. */
  | { do: 'silence'; worker: number }
  /** Killed, and started again as another incarnation. */
  | { do: 'restart'; worker: number }
  | { do: 'drain'; worker: number }
  | { do: 'sweep' }
  /** The deadline of one is over, and so is the grace of whoever runs it. */
  | { do: 'late'; of: number }
  /** What one waits for comes. */
  | { do: 'arrive'; of: number }
  /** What is for later becomes due. */
  | { do: 'pass' }
  /** What waits has waited so long that its ring may be lost. */
  | { do: 'wait' };
export type How = 'completed' | 'failed' | 'retrying' | 'released' | 'cancelled' | 'parked';

export interface Submission {
  /** Index of an Idempotency-Key. */
  key: number | null;
  body: 'one' | 'other';
  /** Index of a conversation of which it is a turn. */
  line: number | null;
  delayed: boolean;
  maxAttempts: number;
}

const plain: Submission = { key: null, body: 'one', line: null, delayed: false, maxAttempts: 3 };
/** How every story begins, so that there is something to do: one execution, and two turns of a conversation. */
export const BEGINNING: Action = {
  do: 'submit',
  submissions: [plain, { ...plain, line: 0 }, { ...plain, line: 0, maxAttempts: 2 }],
};

const WORKERS = 2;
const worker = fc.nat({ max: WORKERS - 1 });
/** Mostly one of the newest. */
const pick = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 2 }) }, { weight: 1, arbitrary: fc.nat({ max: 12 }) });
const some = <T>(one: fc.Arbitrary<T>, maxLength = 3) => fc.array(one, { minLength: 1, maxLength });
/** In one of `n` times; otherwise null. */
const onceIn = <T>(n: number, one: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: n - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one });
/** True once in six times. */
const seldom = fc.nat({ max: 5 }).map((n) => n === 5);

const submission: fc.Arbitrary<Submission> = fc.record({
  key: onceIn(2, fc.nat({ max: 1 })),
  body: fc.constantFrom('one', 'one', 'one', 'other'),
  line: onceIn(2, fc.nat({ max: 2 })),
  delayed: seldom,
  maxAttempts: fc.integer({ min: 1, max: 3 }),
});

const ending = fc.record({
  run: pick,
  how: fc.constantFrom<How[]>('completed', 'failed', 'retrying', 'retrying', 'released', 'cancelled', 'parked'),
  forged: onceIn(8, fc.constantFrom<('epoch' | 'worker')[]>('epoch', 'worker')),
});

const be = <N extends Action['do'], T extends object>(name: N, rest: fc.Arbitrary<T>) =>
  rest.map((its) => ({ do: name, ...its }));

/** How often which action is done, beside the others. */
const WEIGHTS: [number, fc.Arbitrary<Action>][] = [
  [2, be('submit', fc.record({ submissions: some(submission, 2) }))],
  [5, be('claim', fc.record({ worker, rings: some(pick), alone: fc.boolean(), unheard: seldom }))],
  [3, be('idle', fc.record({ worker }))],
  [2, be('append', fc.record({ runs: some(pick), what: fc.constantFrom<('delta' | 'step')[]>('delta', 'step') }))],
  [4, be('end', fc.record({ endings: some(ending) }))],
  [1, be('cancel', fc.record({ of: pick, stranger: seldom }))],
  [1, be('redrive', fc.record({ letters: some(pick) }))],
  [1, be('discard', fc.record({ letters: some(pick) }))],
  [1, be('heartbeat', fc.record({ worker }))],
  [1, be('silence', fc.record({ worker }))],
  [2, be('restart', fc.record({ worker }))],
  [1, be('drain', fc.record({ worker }))],
  [4, be('sweep', fc.constant({}))],
  [1, be('late', fc.record({ of: pick }))],
  [2, be('arrive', fc.record({ of: pick }))],
  [1, be('pass', fc.constant({}))],
  [1, be('wait', fc.constant({}))],
];
export const ACTIONS = WEIGHTS.flatMap(([weight, action]) => Array.from({ length: weight }, () => action));

/** What hardly any story would come to by chance. */
export const CHAPTERS: fc.Arbitrary<Action[]>[] = [
  // An execution that kills whoever runs it.
  worker.map((which) => [{ do: 'idle', worker: which }, { do: 'restart', worker: which }, { do: 'sweep' }]),
  // Somebody who clicks twice, and a run that fails before it hears of it.
  fc.tuple(worker, pick).map(([which, of]) => [
    { do: 'claim', worker: which, rings: [of], alone: true, unheard: false },
    { do: 'cancel', of, stranger: false },
    { do: 'cancel', of, stranger: false },
    { do: 'end', endings: [{ run: 0, how: 'retrying', forged: null }] },
  ]),
];
