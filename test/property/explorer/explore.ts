import { TRANSITIONS } from '@longhaul/executions';
import type { Move } from './move';
import { brokenBy, isOver, mustEnd } from './promises';
import { RULES, type TransitionName } from './rules';
import { surroundings } from './surroundings';
import { tableMoves } from './table-moves';
import { beginning, type Bounds, nameOf, type World } from './world';

export interface Exploration {
  states: number;
  moves: number;
  /** Rows of the table that came true somewhere. */
  rows: Set<TransitionName>;
  /** What is broken, and the shortest way there. */
  counterexample: { broken: string; trace: string[] } | null;
}

/** Rows of the table that the model knows nothing of. */
export function rowsWithoutRule(): string[] {
  return Object.keys(TRANSITIONS).filter((name) => !Object.hasOwn(RULES, name));
}

/**
 * Visits every world that can come about within the bounds, nearest first, and asks of each move whether it breaks a
 * promise; then, of each world in which something must still end, whether work alone leads to its end: no client,
 * no further fault, nobody who is dead or frozen comes back. `mayHappen` narrows that to the moves that are of interest.
 */
export function explore(bounds: Bounds, mayHappen: (move: Move) => boolean = () => true): Exploration {
  const strangers = rowsWithoutRule();
  if (strangers.length > 0) throw new Error(`no rule in rules.ts for the row ${strangers.join(', ')} of the table`);
  const start = beginning(bounds);
  const worlds: World[] = [start];
  const numbers = new Map([[nameOf(start), 0]]);
  const ways: { from: number; text: string }[] = [{ from: -1, text: '' }];
  const work: { from: number; to: number }[] = [];
  const rows = new Set<TransitionName>();
  let moves = 0;
  const found = (counterexample: Exploration['counterexample']) => ({
    states: worlds.length,
    moves,
    rows,
    counterexample,
  });

  for (let from = 0; from < worlds.length; from += 1) {
    const world = worlds[from] as World;
    for (const move of movesOf(world, bounds)) {
      if (!mayHappen(move)) continue;
      moves += 1;
      if (move.row) rows.add(move.row);
      const broken = brokenBy(world, move, bounds);
      if (broken) return found({ broken, trace: [...traceTo(from, ways), move.text] });
      const name = nameOf(move.to);
      let to = numbers.get(name);
      if (to === undefined) {
        to = worlds.push(move.to) - 1;
        numbers.set(name, to);
        ways.push({ from, text: move.text });
      }
      if (move.kind === 'work' && to !== from) work.push({ from, to });
    }
  }
  const stuck = firstStuck(worlds, work);
  if (stuck === null) return found(null);
  const broken = 'I5: something accepted never ends, although a worker and the database are up';
  return found({ broken, trace: traceTo(stuck, ways) });
}

function* movesOf(world: World, bounds: Bounds): Generator<Move> {
  yield* tableMoves(world, bounds);
  yield* surroundings(world, bounds);
}

function traceTo(world: number, ways: { from: number; text: string }[]): string[] {
  const trace: string[] = [];
  for (let at = world; at > 0; at = ways[at]?.from ?? 0) trace.unshift(ways[at]?.text ?? '');
  return trace;
}

/** The nearest world that must end and cannot: backwards from every end along the work. */
function firstStuck(worlds: World[], work: { from: number; to: number }[]): number | null {
  const before = new Map<number, number[]>();
  for (const { from, to } of work) before.set(to, [...(before.get(to) ?? []), from]);
  const ending = [...worlds.keys()].filter((number) => isOver(worlds[number] as World));
  const ends = new Set(ending);
  for (let next = ending.pop(); next !== undefined; next = ending.pop()) {
    for (const earlier of before.get(next) ?? []) {
      if (!ends.has(earlier)) ending.push(earlier);
      ends.add(earlier);
    }
  }
  const stuck = worlds.findIndex((world, number) => mustEnd(world) && !ends.has(number));
  return stuck < 0 ? null : stuck;
}
