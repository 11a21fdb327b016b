import type { Move } from './move';
import { fenceFits, isLive, withStep } from './rules';
import { type Bounds, disown, WORKERS, withExecution, withRing, withWorker, type World } from './world';

/** What happens beside the table: to rings, to time, and to the processes of the workers. */
export function* surroundings(world: World, bounds: Bounds): Generator<Move> {
  yield* ofRings(world, bounds);
  for (const index of world.workers.keys()) {
    yield* ofRuns(world, index, bounds);
    yield* ofLease(world, index, bounds);
    yield* ofProcess(world, index);
  }
}

function* ofRings(world: World, { off }: Bounds): Generator<Move> {
  for (const [of, execution] of world.executions.entries()) {
    if (execution.status === null) continue;
    const ring = world.rings[of] === true;
    const waits = execution.status === 'queued';
    if (waits && !execution.due) {
      const due = { ...execution, due: true };
      yield { text: `${of} becomes due`, kind: 'work', to: withExecution(world, of, due) };
    }
    if (execution.status === 'waiting' && !execution.ready) {
      const ready = { ...execution, ready: true };
      yield { text: `what ${of} waits for comes`, kind: 'work', to: withExecution(world, of, ready) };
    }
    if (isLive(execution) && !execution.late && world.faults > 0) {
      // No work: what is in time must end without it.
      const late = struck(withExecution(world, of, { ...execution, late: true }));
      yield { text: `the deadline of ${of} passes`, kind: 'fault', to: late };
    }
    // Also a ring that finds nothing to claim is gone.
    if (ring) yield { text: `the ring for ${of} is lost`, kind: 'fault', to: withRing(world, of, false) };
    else yield { text: `an old ring for ${of} is delivered again`, kind: 'fault', to: withRing(world, of, true) };
    if (waits && execution.due && !ring && !off.has('late-ring') && isSwept(world)) {
      yield { text: `a sweep rings for ${of}`, kind: 'work', to: withRing(world, of, true) };
    }
  }
}

/** An event, a step, the progress of a run: stored under the fence, or refused, and then the run is given up. */
function* ofRuns(world: World, index: number, { off }: Bounds): Generator<Move> {
  const { is, leased, runs } = worker(world, index);
  if (is !== 'up' && is !== 'draining') return;
  const name = WORKERS[index] as string;
  for (const run of runs) {
    const execution = world.executions[run.of];
    const facts = { worker: name, epoch: run.epoch, leased, orphaned: false, gated: false, off };
    const text = `${name}: an event of ${run.of} (epoch ${run.epoch})`;
    if (execution && fenceFits(execution, facts)) {
      const writer = { worker: name, epoch: run.epoch };
      yield { text, kind: 'work', of: run.of, writer, to: world };
      const to = withExecution(world, run.of, withStep(execution));
      yield { text: `${name}: a step of ${run.of} is recorded`, kind: 'work', of: run.of, writer, to };
    } else {
      const others = runs.filter((other) => other !== run);
      yield { text: `${text} is refused`, kind: 'work', to: withWorker(world, index, { runs: others }) };
    }
  }
}

function* ofLease(world: World, index: number, { off }: Bounds): Generator<Move> {
  const { is, leased } = worker(world, index);
  const name = WORKERS[index] as string;
  const ended = () => withWorker(world, index, { leased: false });
  if (leased && (is === 'frozen' || is === 'dead')) {
    if (isSwept(world) && !off.has('take-back')) {
      yield { text: `the lease of ${name} is ended by a sweep`, kind: 'work', to: ended() };
    }
  } else if (leased && world.faults > 0) {
    const text = `the lease of ${name} is ended although it lives (a clock, a cut)`;
    yield { text, kind: 'fault', to: struck(ended()) };
  }
  if (is === 'up' && !leased && !off.has('new-lease')) {
    const anew = disown(withWorker(world, index, { leased: true, runs: [] }), name);
    yield { text: `${name} finds its lease ended: gives up its runs, starts anew`, kind: 'work', to: anew };
  }
}

function* ofProcess(world: World, index: number): Generator<Move> {
  const { is } = worker(world, index);
  const name = WORKERS[index] as string;
  const becomes = (more: Parameters<typeof withWorker>[2]) => withWorker(world, index, more);
  if (is === 'up' && world.faults > 0) {
    yield { text: `${name} crashes`, kind: 'fault', to: struck(becomes({ is: 'dead', runs: [] })) };
    yield { text: `${name} freezes`, kind: 'fault', to: struck(becomes({ is: 'frozen' })) };
    yield { text: `${name} is told to drain`, kind: 'fault', to: struck(becomes({ is: 'draining' })) };
  }
  if (is === 'draining') {
    yield { text: `${name} exits`, kind: 'work', to: becomes({ is: 'dead', leased: false, runs: [] }) };
  }
  if (is === 'frozen') yield { text: `${name} thaws`, kind: 'fault', to: becomes({ is: 'up' }) };
  if (is === 'dead') {
    const anew = disown(becomes({ is: 'up', leased: true }), name);
    yield { text: `${name} is started again`, kind: 'fault', to: anew };
  }
}

const worker = ({ workers }: World, index: number) => workers[index] as World['workers'][number];
const isSwept = ({ workers }: World) => workers.some(({ is }) => is === 'up');
const struck = (world: World): World => ({ ...world, faults: world.faults - 1 });
