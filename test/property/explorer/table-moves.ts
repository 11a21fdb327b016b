import { TRANSITIONS } from '@longhaul/executions';
import type { Move } from './move';
import { type Facts, transit, type TransitionName } from './rules';
import {
  type Bounds,
  isGated,
  isOrphaned,
  type WorkerState,
  WORKERS,
  withExecution,
  withRing,
  withWorker,
  type World,
} from './world';

/** Every row of the transition table, for every execution, by everybody who could make it come true now. */
export function* tableMoves(world: World, bounds: Bounds): Generator<Move> {
  for (const name of Object.keys(TRANSITIONS) as TransitionName[]) {
    for (const of of world.executions.keys()) {
      const { by, from } = TRANSITIONS[name];
      if (by === 'api') yield* byApi(world, name, of, bounds);
      else if (by === 'sweeper') yield* bySweeper(world, name, of, bounds);
      else if (from === 'queued') yield* byTaker(world, name, of, bounds);
      else yield* byRuns(world, name, of, bounds);
    }
  }
}

function* byApi(world: World, name: TransitionName, of: number, { off }: Bounds): Generator<Move> {
  // Turns are submitted in their order.
  if (TRANSITIONS[name].from === null && world.executions[of - 1]?.status === null) return;
  const to = outcome(world, name, of, { off });
  if (to) yield { text: `${name} ${of}`, kind: 'client', row: name, of, to };
}

/** In any process that is up. */
function* bySweeper(world: World, name: TransitionName, of: number, { off }: Bounds): Generator<Move> {
  if (off.has(name === 'wake' ? 'wake' : 'take-back') || !world.workers.some(({ is }) => is === 'up')) return;
  const to = outcome(world, name, of, { off });
  if (to) yield { text: `${name} ${of}`, kind: 'work', row: name, of, to };
}

/** A worker takes what is queued: because of a ring, or because it is idle and looks for itself. */
function* byTaker(world: World, name: TransitionName, of: number, { off }: Bounds): Generator<Move> {
  const rung = world.rings[of] === true;
  if (!rung && off.has('idle-claim')) return;
  for (const [index, { is, leased, runs }] of world.workers.entries()) {
    if (is !== 'up') continue;
    const worker = WORKERS[index] as string;
    const to = outcome(world, name, of, { worker, leased, off });
    if (!to) continue;
    const taken = rung ? withRing(to, of, false) : to;
    const epoch = taken.executions[of]?.epoch ?? 0;
    const text = `${worker}: ${name} ${of}${rung ? '' : ' (found by itself)'}`;
    yield { text, kind: 'work', row: name, of, to: withWorker(taken, index, { runs: [...runs, { of, epoch }] }) };
    if (world.faults === 0) continue;
    yield { text: `${text}, but never hears so`, kind: 'fault', row: name, of, to: struck(taken) };
  }
}

/** A worker writes for a run: one that it has in hand, right or wrong, or one that it finds under its lease. */
function* byRuns(world: World, name: TransitionName, of: number, bounds: Bounds): Generator<Move> {
  const { off } = bounds;
  for (const [index, held] of world.workers.entries()) {
    const worker = WORKERS[index] as string;
    for (const run of runsOf(world, held, worker, of, off)) {
      if (!mayAskFor(name, world, of, run.stray || held.is === 'draining', bounds)) continue;
      const to = outcome(world, name, of, { worker, epoch: run.epoch, leased: held.leased, off });
      if (!to) continue;
      const writer = { worker, epoch: run.epoch };
      const text = `${worker}: ${name} ${of} (epoch ${run.epoch}${run.stray ? ', which it had forgotten' : ''})`;
      const runs = held.runs.filter((other) => other.of !== of || other.epoch !== run.epoch);
      yield { text, kind: 'work', row: name, of, writer, to: withWorker(to, index, { runs }) };
      if (world.faults === 0 || run.stray) continue;
      yield { text: `${text}, but never hears so`, kind: 'fault', row: name, of, writer, to: struck(to) };
    }
  }
}

function* runsOf({ executions }: World, held: WorkerState, worker: string, of: number, off: Bounds['off']) {
  if (held.is !== 'up' && held.is !== 'draining') return;
  const here = held.runs.filter((run) => run.of === of);
  for (const { epoch } of here) yield { epoch, stray: false };
  const execution = executions[of];
  if (here.length > 0 || held.is !== 'up' || !held.leased || off.has('stray-runs')) return;
  if (execution?.owner === worker) yield { epoch: execution.epoch, stray: true };
}

/** What a process decides by itself, before it asks the database. */
function mayAskFor(
  name: TransitionName,
  { executions }: World,
  of: number,
  givesBack: boolean,
  { maxAttempts, parks = 0, off }: Bounds,
): boolean {
  if (name === 'release') return givesBack;
  if (name === 'park') return !givesBack && (executions[of]?.parks ?? 0) < parks;
  if (name === 'retry') return (executions[of]?.attempt ?? 0) < maxAttempts || off.has('attempt-limit');
  return true;
}

function outcome(world: World, name: TransitionName, of: number, by: Partial<Facts> & Pick<Facts, 'off'>) {
  const before = world.executions[of];
  if (!before) return null;
  const facts = {
    worker: null,
    epoch: null,
    leased: false,
    orphaned: isOrphaned(world, before),
    gated: isGated(world, of),
  };
  const after = transit(before, name, { ...facts, ...by });
  if (!after) return null;
  // Rung after the commit, unless it is for later. That this ring is lost is a move of its own.
  const rung = after.status === 'queued' && name !== 'retry';
  return withRing(withExecution(world, of, after), of, rung || world.rings[of] === true);
}

const struck = (world: World): World => ({ ...world, faults: world.faults - 1 });
