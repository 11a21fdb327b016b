import type { Database, Row } from '@longhaul/database';
import { type Execution, isTerminal, TRANSITIONS } from '@longhaul/executions';
import { Invariants } from '@longhaul/executions/testing';
import { type ExecutionState, isLive, transit, type TransitionName, UNBORN, withStep } from '../explorer/rules';
import type { Witness } from './gateway';

/** Remembers what was answered, and asks of a database that is at rest whether it keeps to that and to every promise. */
export class Audit implements Witness {
  private readonly markers = new Map<number, { executionId: string; stored: boolean }>();
  private readonly terminal = new Map<string, { status: string; output: unknown }>();
  private readonly contradictions: string[] = [];

  appended(marker: number, executionId: string, stored: boolean): void {
    this.markers.set(marker, { executionId, stored });
  }

  ended({ id, status, output }: Execution): void {
    if (!isTerminal(status)) return;
    if (this.terminal.has(id)) this.contradictions.push(`I1: ${id} was said to have ended twice`);
    this.terminal.set(id, { status, output });
  }

  async findings(database: Database): Promise<string[]> {
    const rows = await database.read('SELECT * FROM executions ORDER BY id');
    const events = await database.read(
      `SELECT v.*, r.outcome AS run_outcome, r.worker_id AS run_worker
       FROM events v LEFT JOIN runs r ON r.id = v.run_id ORDER BY v.execution_id, v.seq`,
    );
    const logs = Map.groupBy(events, (event) => event.execution_id as string);
    return [
      ...(await new Invariants(database).violations()),
      ...this.contradictions,
      ...rows.flatMap((row) => replayed(row, logs.get(row.id as string) ?? [])),
      ...rows.flatMap((row) => this.changedSince(row)),
      ...this.lostOrForged(events),
    ];
  }

  /** What was answered as the end is still the end. */
  private changedSince(row: Row): string[] {
    const said = this.terminal.get(row.id as string);
    const is = {
      status: row.status,
      output: row.output === null ? null : (JSON.parse(row.output as string) as unknown),
    };
    return !said || JSON.stringify(said) === JSON.stringify(is)
      ? []
      : [`I1: ${String(row.id)} had ended as ${JSON.stringify(said)} and is ${JSON.stringify(is)}`];
  }

  /** An event is in the log exactly when its run was told so. */
  private lostOrForged(events: Row[]): string[] {
    const found = new Set(
      events.flatMap(({ type, data }) =>
        type === 'output.delta' || type === 'step.completed'
          ? [(JSON.parse(data as string) as { marker: number }).marker]
          : [],
      ),
    );
    return [...this.markers].flatMap(([marker, { executionId, stored }]) =>
      stored === found.has(marker)
        ? []
        : [`event ${marker} of ${executionId} was ${stored ? 'accepted and is lost' : 'refused and is there'}`],
    );
  }
}

/** Goes through the log by the rules of the explorer: each step is legal, each event its run's, and it leads to the row. */
function replayed(row: Row, log: Row[]): string[] {
  const id = String(row.id);
  let state: ExecutionState = UNBORN;
  let run: unknown = null;
  for (const event of log) {
    const name = transitionOf(event, state);
    const ofRun = name === 'claim' || state.status !== 'running' ? null : run;
    if (ofRun !== null && event.run_id !== ofRun) return [`I3: ${id} has ${String(event.type)} of another run`];
    if (name === null) {
      if (event.type === 'step.completed') state = withStep(state);
      if (state.status === 'running') continue;
      return [`I3: ${id} has ${String(event.type)} while ${state.status}`];
    }
    const worker = name === 'claim' ? String(event.run_worker) : state.owner;
    const facts = { worker, epoch: state.epoch, leased: true, orphaned: true, gated: false, off: new Set<never>() };
    const now = { ...state, due: true, late: LATE.includes(name), ready: name === 'wake' };
    const next = transit(now, name, facts);
    if (!next) return [`${id}: the rules do not let ${name} follow ${JSON.stringify(state)}`];
    state = next;
    if (name === 'claim') run = event.run_id;
  }
  return differences(id, state, row);
}

const LATE: TransitionName[] = ['exceedDeadlineQueued', 'exceedDeadlineWaiting', 'exceedDeadlineRunning'];

/** The row of the table that an event stands for; null for one that changes no status. */
function transitionOf({ type, run_outcome, data }: Row, { status }: ExecutionState): TransitionName | null {
  const names = (Object.keys(TRANSITIONS) as TransitionName[]).filter((name) => {
    const { from, event, by } = TRANSITIONS[name];
    if (from !== status || event !== type) return false;
    if (event === 'execution.failed' && LATE.includes(name) !== isLate(data as string)) return false;
    if (from !== 'running' || name === 'requestCancel') return true;
    return (by === 'sweeper') === (run_outcome === 'lost') && (name === 'release') === (run_outcome === 'released');
  });
  return names[0] ?? null;
}

function isLate(data: string): boolean {
  return (JSON.parse(data) as { error: { code?: string } }).error.code === 'deadline_exceeded';
}

function differences(id: string, state: ExecutionState, row: Row): string[] {
  const { status, owner, epoch, attempt } = state;
  const live = isLive(state)
    ? { interruptions: state.interruptions, counts: state.countsAttempt, asked: state.cancelAsked }
    : {};
  const says = JSON.stringify({ status, owner, epoch, attempt, ...live });
  const is = JSON.stringify({
    status: row.status,
    owner: row.worker_id,
    epoch: Number(row.epoch),
    attempt: Number(row.attempt),
    ...(isLive(state)
      ? {
          interruptions: Number(row.interruptions),
          counts: Boolean(row.counts_attempt),
          asked: row.cancel_requested_at !== null,
        }
      : {}),
  });
  return says === is ? [] : [`${id}: its log says ${says}, its row ${is}`];
}
