/** Places at which a process under test can be made to fail. */
export const FAILPOINTS = [
  /** A claim is committed; nothing of its run has happened. */
  'worker.claimed',
  /** A handler is done; its end is about to be written. */
  'worker.ending',
  /** The START of a step is stored; its function is about to be called. */
  'step.started',
  /** The function of a step is done; its result is not stored. */
  'step.effect',
  /** The result of a step is stored. */
  'step.recorded',
  /** A submission is committed; nobody has rung for it. */
  'api.submitted',
  /** The broker has confirmed a ring. */
  'api.rung',
  /** A sender has claimed a delivery; nothing is sent. */
  'delivery.claimed',
  /** A delivery has arrived, or failed; nothing of that is written. */
  'delivery.sent',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/** What can be switched off, so that the test that proves its worth is seen to fail without it. */
export const PROTECTIONS = [
  /** Writes of a run ask for its lease: worker, epoch, running. */
  'fence',
  /** A claim asks for queued, due, not cancelled, nobody's turn before it. */
  'claim-condition',
  /** An idle worker looks for due executions in the database. */
  'idle-claim',
  /** A ring is acknowledged right after the claim, and not when the run has ended. */
  'early-ack',
  /** A delivery of RabbitMQ is settled on the channel that it came by. */
  'raw-channel',
  /** Rings what is due, takes back what lies under a dead lease. */
  'sweeper',
  /** What was asked to be cancelled does not go back to the queue. */
  'cancel-beats-retry',
] as const;
export type Protection = (typeof PROTECTIONS)[number];

/** `kill`, `stop`: the process sends itself SIGKILL or SIGSTOP. `block`: its event loop stands still for so many ms. */
export type FaultAction = 'kill' | 'stop' | { block: number };

export interface FaultPlan {
  at?: Partial<
    Record<
      Failpoint,
      { do: FaultAction; /** At the nth time that it is passed; 1 when absent. */ nth?: number | 'each' }
    >
  >;
  off?: Protection[];
}

/**
 * The faults of this process: none, unless `serve` was started with LONGHAUL_TEST_FAULTS (a `FaultPlan` as JSON), as
 * the fault suite does. Then every promise is void, and the log says so.
 */
class Faults {
  private plan: NonNullable<FaultPlan['at']> = {};
  private readonly passed = new Map<Failpoint, number>();
  off: ReadonlySet<Protection> = new Set();

  /** Throws `TypeError` for what is no plan, or names what there is not. */
  arm(plan: FaultPlan): void {
    if (typeof plan !== 'object') throw new TypeError('expected an object with "at" and "off"');
    const { at = {}, off = [] } = plan;
    const unknown = [
      ...Object.keys(at).filter((name) => !(FAILPOINTS as readonly string[]).includes(name)),
      ...off.filter((name) => !PROTECTIONS.includes(name)),
    ];
    if (unknown.length > 0) throw new TypeError(`no failpoint or protection is called ${unknown.join(', ')}`);
    const undone = Object.entries(at).find(([, planned]) => !isAction(planned?.do));
    if (undone) throw new TypeError(`${undone[0]}: "do" is "kill", "stop" or { "block": <ms> }`);
    this.plan = at;
    this.off = new Set(off);
    this.passed.clear();
  }

  /** Does nothing, unless the plan says that the process fails here now. */
  at(point: Failpoint): void {
    const planned = this.plan[point];
    if (!planned) return;
    const times = (this.passed.get(point) ?? 0) + 1;
    this.passed.set(point, times);
    const nth = planned.nth ?? 1;
    if (nth === 'each' || times === nth) fail(point, planned.do);
  }
}

function isAction(action: FaultAction): boolean {
  return action === 'kill' || action === 'stop' || typeof action?.block === 'number';
}

function fail(point: Failpoint, action: FaultAction): void {
  if (typeof action === 'object')
    return void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, action.block);
  // Not by a logger: after this nothing may be written.
  process.stderr.write(`fault: ${action} at ${point}\n`);
  process.kill(process.pid, action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
}

/** One for the process: what fails is the process. */
export const faults = new Faults();
