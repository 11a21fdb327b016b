import { type ExecutionState, isLive, type Off, UNBORN } from './rules';

/** One run that a process believes it has. What decides is whether the execution's owner and epoch are still these. */
export interface HeldRun {
  of: number;
  epoch: number;
}

export interface WorkerState {
  /** Frozen: SIGSTOP, a long pause of the process or of its network; it may come back as if nothing had been. */
  is: 'up' | 'draining' | 'frozen' | 'dead';
  /** The lease of this incarnation lives in the database. */
  leased: boolean;
  runs: HeldRun[];
}

/** Everything that can differ between two moments. */
export interface World {
  executions: ExecutionState[];
  /** Whether the broker has a ring for the execution. It may lose it, and deliver one that it had delivered before. */
  rings: boolean[];
  workers: WorkerState[];
  /** Faults that may still strike, lost and doubled rings not counted: of those there is no end. */
  faults: number;
}

export interface Bounds {
  /** Two or more are turns of one conversation. */
  executions: number;
  maxAttempts: number;
  faults: number;
  /** How often each may wait; 0 when absent. Without an end there would be no end of worlds. */
  parks?: number;
  off: Off;
}

/** Owner of what an incarnation left that is no more: whenever its lease ends, nobody is surprised. */
export const PAST = 'past';
export const WORKERS = ['A', 'B'] as const;

export function beginning({ executions, faults }: Bounds): World {
  return {
    executions: Array.from({ length: executions }, () => UNBORN),
    rings: Array.from({ length: executions }, () => false),
    workers: WORKERS.map(() => ({ is: 'up', leased: true, runs: [] })),
    faults,
  };
}

/** The same world but for some of its parts; nothing is changed in place. */
export function withWorker(world: World, index: number, more: Partial<WorkerState>): World {
  return { ...world, workers: world.workers.with(index, { ...(world.workers[index] as WorkerState), ...more }) };
}

export function withExecution(world: World, of: number, execution: ExecutionState): World {
  return { ...world, executions: world.executions.with(of, execution) };
}

export function withRing(world: World, of: number, ring: boolean): World {
  return world.rings[of] === ring ? world : { ...world, rings: world.rings.with(of, ring) };
}

/** What that worker's incarnation left under its lease is nobody's: it starts anew, or is gone. */
export function disown(world: World, worker: string): World {
  const executions = world.executions.map((e) => (e.owner === worker ? { ...e, owner: PAST } : e));
  return { ...world, executions };
}

export function isOrphaned({ workers }: World, { owner }: ExecutionState): boolean {
  return owner === PAST || workers.some(({ leased }, index) => owner === WORKERS[index] && !leased);
}

export function isGated({ executions }: World, of: number): boolean {
  return executions.slice(0, of).some(isLive);
}

/** Two worlds with the same name are the same, but for which worker is called A and which B: that decides nothing. */
export function nameOf(world: World): string {
  const [one, other] = world.workers.map(nameOfWorker) as [string, string];
  return one < other ? nameIn(world, 'A', one + other) : nameIn(world, 'B', other + one);
}

function nameOfWorker({ is, leased, runs }: WorkerState): string {
  let name = `|${is}${leased ? '+' : ''}`;
  for (const { of, epoch } of runs) name += `${of}:${epoch},`;
  return name;
}

function nameIn({ executions, rings, faults }: World, first: string, workers: string): string {
  let name = `${faults}${workers}`;
  for (const e of executions) {
    const flags = +e.countsAttempt + 2 * +e.cancelAsked + 4 * +e.due + 8 * +e.late + 16 * +e.ready;
    const owner = e.owner === null || e.owner === PAST ? (e.owner ?? '') : e.owner === first ? 'first' : 'second';
    name += `|${e.status ?? ''}${e.epoch}${owner}${flags}.${e.attempt}.${e.interruptions}.${e.retries}.${e.parks}.${e.terminalEvents}`;
  }
  for (const ring of rings) name += ring ? '!' : '-';
  return name;
}
