import { type ExecutionStatus, isTerminal, MAX_INTERRUPTIONS, TRANSITIONS } from '@longhaul/executions';

export type TransitionName = keyof typeof TRANSITIONS;

/** An execution as its row and its events tell it, and nothing that does not decide anything. */
export interface ExecutionState {
  status: ExecutionStatus | null;
  epoch: number;
  /** Whose lease it runs under. */
  owner: string | null;
  attempt: number;
  countsAttempt: boolean;
  interruptions: number;
  cancelAsked: boolean;
  /** Its delay is over. */
  due: boolean;
  /** Its deadline is over. */
  late: boolean;
  /** What it waits for has come. */
  ready: boolean;
  /** How often it has waited. No column: it keeps the number of worlds finite. */
  parks: number;
  terminalEvents: number;
  /** How often it was sent back because an attempt had failed. No column: it is what `attempt` is checked against. */
  retries: number;
}

export const UNBORN: Readonly<ExecutionState> = {
  status: null,
  epoch: 0,
  owner: null,
  attempt: 0,
  countsAttempt: true,
  interruptions: 0,
  cancelAsked: false,
  due: false,
  late: false,
  ready: false,
  parks: 0,
  terminalEvents: 0,
  retries: 0,
};

/** What can be switched off, to see what it is for. */
export type Protection =
  | 'fence'
  | 'claim-condition'
  | 'cancel-beats-retry'
  | 'turn-gate'
  | 'interruption-limit'
  | 'refund'
  | 'attempt-limit'
  | 'idle-claim'
  | 'late-ring'
  | 'take-back'
  | 'wake'
  | 'stray-runs'
  | 'new-lease';
export type Off = ReadonlySet<Protection>;

/** Who asks for a transition, and what is so beside the execution's own row. */
export interface Facts {
  worker: string | null;
  /** The epoch of the run that writes; null for whoever is no run. */
  epoch: number | null;
  /** The lease of the worker that asks lives. */
  leased: boolean;
  /** The lease that the execution runs under has ended. */
  orphaned: boolean;
  /** An earlier turn of its conversation is not over. */
  gated: boolean;
  off: Off;
}

interface Rule {
  /** What the statement asks for beyond the status (`from`) and the fence, which the table itself says. */
  asks?: (execution: ExecutionState, facts: Facts) => boolean;
  /** What it writes beyond status, owner and event. */
  writes?: (execution: ExecutionState, facts: Facts) => void;
}

const mayGoBack = ({ cancelAsked }: ExecutionState, { off }: Facts) => !cancelAsked || off.has('cancel-beats-retry');
const lostTooOften = ({ interruptions }: ExecutionState, { off }: Facts) =>
  interruptions + 1 >= MAX_INTERRUPTIONS && !off.has('interruption-limit');
const atNoCost = (execution: ExecutionState, { off }: Facts) => {
  if (!off.has('refund')) execution.countsAttempt = false;
};

/**
 * For each row of the table what its statement asks and writes: libs/executions/src/statements in a few lines. A new row
 * wants its rule here, and, where a process decides whether to ask at all, a line in table-moves.ts.
 */
export const RULES: Record<TransitionName, Rule> = {
  submit: {},
  claim: {
    asks: ({ due, late, cancelAsked }, { leased, gated, off }) =>
      leased && (off.has('claim-condition') || (due && !late && !cancelAsked && !(gated && !off.has('turn-gate')))),
    writes: (execution, { worker }) => {
      execution.owner = worker;
      execution.epoch += 1;
      if (execution.countsAttempt) execution.attempt += 1;
    },
  },
  complete: {},
  fail: {},
  retry: {
    asks: mayGoBack,
    writes: (execution) => {
      execution.countsAttempt = true;
      execution.interruptions = 0;
      execution.due = false;
      execution.retries += 1;
    },
  },
  release: { asks: mayGoBack, writes: atNoCost },
  park: {
    asks: mayGoBack,
    writes: (execution, facts) => {
      execution.parks += 1;
      atNoCost(execution, facts);
    },
  },
  wake: {
    asks: ({ ready }) => ready,
    writes: (execution, facts) => {
      execution.ready = false;
      atNoCost(execution, facts);
    },
  },
  cancelWaiting: {
    writes: (execution) => {
      execution.cancelAsked = true;
      execution.ready = false;
    },
  },
  exceedDeadlineWaiting: { asks: ({ late }) => late, writes: (execution) => (execution.ready = false) },
  cancelQueued: { writes: (execution) => (execution.cancelAsked = true) },
  requestCancel: {
    asks: ({ cancelAsked }) => !cancelAsked,
    writes: (execution) => (execution.cancelAsked = true),
  },
  cancelRunning: { asks: ({ cancelAsked }) => cancelAsked },
  loseLease: {
    asks: (execution, facts) => facts.orphaned && !execution.cancelAsked && !lostTooOften(execution, facts),
    writes: (execution, facts) => {
      execution.interruptions += 1;
      atNoCost(execution, facts);
    },
  },
  loseLeaseTooOften: {
    asks: (execution, facts) => facts.orphaned && !execution.cancelAsked && lostTooOften(execution, facts),
    writes: (execution) => (execution.interruptions += 1),
  },
  loseLeaseWhileCancelling: {
    asks: ({ cancelAsked }, { orphaned }) => orphaned && cancelAsked,
    writes: (execution) => (execution.interruptions += 1),
  },
  exceedDeadlineQueued: { asks: ({ late }) => late },
  exceedDeadlineRunning: {
    asks: ({ late, cancelAsked }) => late && !cancelAsked,
    writes: (execution) => (execution.epoch += 1),
  },
};

/** The result of a step is stored: whatever lost the workers before, it goes forward. No row: the status stays. */
export function withStep(execution: ExecutionState): ExecutionState {
  return execution.interruptions === 0 ? execution : { ...execution, interruptions: 0 };
}

/** A write of a run asks for its worker and its epoch. */
export function fenceFits({ status, owner, epoch }: ExecutionState, facts: Facts): boolean {
  return facts.off.has('fence') || (status === 'running' && owner === facts.worker && epoch === facts.epoch);
}

/** The execution after that row of the table came true, or null when the statement changes nothing. */
export function transit(before: ExecutionState, name: TransitionName, facts: Facts): ExecutionState | null {
  const { from, to, by } = TRANSITIONS[name];
  const rule = RULES[name];
  const byRun = by === 'worker' && from === 'running';
  const unasked =
    (byRun && facts.off.has('fence')) || (name === 'claim' && facts.off.has('claim-condition') && isLive(before));
  if (before.status !== from && !unasked) return null;
  if (byRun && !fenceFits(before, facts)) return null;
  if (rule.asks && !rule.asks(before, facts)) return null;
  const after = { ...before, status: to };
  if (to !== 'running') after.owner = null;
  if (isTerminal(to)) {
    after.terminalEvents += 1;
    // It decides nothing any more.
    after.late = false;
  }
  rule.writes?.(after, facts);
  return after;
}

export function isLive({ status }: ExecutionState): boolean {
  return status !== null && !isTerminal(status);
}
