import { TRANSITIONS } from '@longhaul/executions';
import { type Exploration, explore, rowsWithoutRule } from './explore';
import type { Protection } from './rules';
import type { Bounds } from './world';

const ALL_ON: ReadonlySet<Protection> = new Set();
const say = (line: string) => process.stdout.write(`explorer: ${line}\n`);
const told = ({ counterexample }: Exploration) =>
  counterexample && `${counterexample.broken}\n  ${counterexample.trace.join('\n  ')}`;

describe('The explorer of the transition table', () => {
  it('has a rule for every row of the table', () => {
    // A name here: say in rules.ts what the statement of that row asks and writes.
    expect(rowsWithoutRule()).toEqual([]);
  });

  /** LONGHAUL_EXPLORER_FAULTS goes deeper: each fault more makes three to ten times as many worlds. */
  const more = Number(process.env.LONGHAUL_EXPLORER_FAULTS ?? 0);
  const reached = new Set<string>();
  it.each([
    ['one execution that may be tried twice, four faults', { executions: 1, maxAttempts: 2, faults: 4 + more }],
    ['two turns of a conversation, one fault', { executions: 2, maxAttempts: 2, faults: 1 + more }],
    ['one execution that waits twice, two faults', { executions: 1, maxAttempts: 2, faults: 2 + more, parks: 2 }],
    ['two turns that wait', { executions: 2, maxAttempts: 1, faults: 0 + more, parks: 1 }],
  ])('finds no broken promise and no dead end: %s', (name, bounds) => {
    const result = explore({ ...bounds, off: ALL_ON });
    say(`${name}: ${result.states} states, ${result.moves} moves`);
    for (const row of result.rows) reached.add(row);
    expect(told(result)).toBeNull();
  });

  it('reaches every row of the table', () => {
    expect(Object.keys(TRANSITIONS).filter((name) => !reached.has(name))).toEqual([]);
  });
});

/** How often the worlds differ is in the faults: three lost workers end an execution. */
const FAULTS = { few: 2, many: 3 };

describe('Without one of its protections the explorer finds that', () => {
  interface Case {
    that: string;
    finds: RegExp;
    faults?: number;
    executions?: number;
    parks?: number;
    and?: Protection[];
    /** Leaves out the shorter way, to see the one that everybody thinks of. */
    but?: RegExp;
  }
  const CASES: Record<Protection, Case> = {
    fence: {
      that: 'a frozen worker overwrites what was taken from it',
      finds: /^I3/,
      but: /never hears|although it lives/,
    },
    'claim-condition': { that: 'what is taken was not there to be taken', finds: /^the table: claim/ },
    'cancel-beats-retry': { that: 'what was to be cancelled goes back to the queue', finds: /^I8/ },
    'turn-gate': { that: 'a turn runs before the one that it answers', finds: /^turns/, executions: 2 },
    'attempt-limit': { that: 'attempts have no end', finds: /^I4: more attempts/ },
    'interruption-limit': { that: 'what kills its workers never ends', finds: /^I4: it lost/, faults: FAULTS.many },
    refund: { that: 'a drain or a dead worker costs an attempt', finds: /^I4: an attempt was spent/ },
    'take-back': { that: 'nobody takes over from a dead worker', finds: /^I5/ },
    wake: { that: 'what waits is not woken when it has come', finds: /^I5/, parks: 1 },
    'stray-runs': { that: 'a claim whose answer was lost is held for ever', finds: /^I5/ },
    'new-lease': { that: 'workers that lost their lease never work again', finds: /^I5/ },
    // These two stand in for each other, see below.
    'idle-claim': { that: 'a lost ring is found by nobody, if no sweep rings', finds: /^I5/, and: ['late-ring'] },
    'late-ring': { that: 'a lost ring is found by nobody, if no idle worker looks', finds: /^I5/, and: ['idle-claim'] },
  };

  it.each(Object.entries(CASES).map(([name, its]) => ({ name: name as Protection, ...its })))(
    '$that (without: $name)',
    ({ name, finds, executions = 1, faults = FAULTS.few, parks = 0, and = [], but }) => {
      const off = new Set([name, ...and]);
      const result = explore({ executions, maxAttempts: 2, faults, parks, off }, (move) => !but?.test(move.text));
      say(`without ${[...off].join(' and ')}: ${told(result)}`);
      expect(result.counterexample?.broken).toMatch(finds);
    },
  );

  it.each(['idle-claim', 'late-ring'] as const)('all is well where only %s is missing: the other is enough', (name) => {
    const bounds: Bounds = { executions: 1, maxAttempts: 2, faults: FAULTS.few, off: new Set([name]) };
    expect(told(explore(bounds))).toBeNull();
  });
});
