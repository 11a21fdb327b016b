import { SOLO_FROM_INTERRUPTIONS } from '@longhaul/executions';
import type { RunEnding } from '../../../libs/executions/src/statements/end-run';
import type { Fence } from '../../../libs/executions/src/statements/fence';
import {
  type ExecutionState,
  type Facts,
  fenceFits,
  isLive,
  transit,
  type TransitionName,
  UNBORN,
  withStep,
} from '../explorer/rules';

export interface ModelExecution {
  id: string;
  state: ExecutionState;
  line: string | null;
  /** The sweep rings for it next time. */
  ringDue: boolean;
}

const ALL_ON = new Set<never>();
const ROW_OF = {
  completed: 'complete',
  failed: 'fail',
  retrying: 'retry',
  released: 'release',
  cancelled: 'cancelRunning',
  parked: 'park',
} as const satisfies Record<RunEnding['kind'], TransitionName>;

/** What must be so, by the rules that the explorer goes by: this ties its pure table to the real statements. */
export class Model {
  /** In the order of their acceptance, which is that of the turns of a conversation. */
  readonly executions: ModelExecution[] = [];
  /** Of failed executions, where somebody has looked after them: the execution that they are tried anew as, or null. */
  readonly handled = new Map<string, string | null>();
  readonly keys = new Map<string, { body: string; id: string }>();
  /** By incarnation; one that is not here has no lease. */
  readonly leases = new Map<string, 'lives' | 'silent'>();

  get(id: string): ModelExecution {
    const found = this.executions.find((execution) => execution.id === id);
    if (!found) throw new Error(`the model knows no execution ${id}`);
    return found;
  }

  submitted(id: string, line: string | null, delayed: boolean): void {
    const state = transit(UNBORN, 'submit', this.facts(UNBORN, null));
    if (!state) throw new Error('unreachable: nothing keeps a submission from being accepted');
    this.executions.push({ id, line, state: { ...state, due: !delayed }, ringDue: false });
  }

  claim(id: string, workerId: string, alone: boolean): 'claimed' | 'gone' | 'gated' | 'lease_ended' {
    const execution = this.get(id);
    const gated = this.isGated(execution);
    if (!this.leases.has(workerId)) return 'lease_ended';
    const suspect = execution.state.interruptions >= SOLO_FROM_INTERRUPTIONS && !alone;
    const facts = { ...this.facts(execution.state, { workerId, epoch: 0 }), gated };
    const after = suspect ? null : transit(execution.state, 'claim', facts);
    if (after) execution.state = after;
    if (after) return 'claimed';
    return execution.state.status === 'queued' && gated ? 'gated' : 'gone';
  }

  recorded(id: string): void {
    const execution = this.get(id);
    execution.state = withStep(execution.state);
  }

  accepts(fence: Fence): boolean {
    const { state } = this.get(fence.executionId);
    return fenceFits(state, this.facts(state, fence));
  }

  /** The status that the ending leads to, or null where the fence holds. */
  end(fence: Fence, ending: RunEnding): ExecutionState | null {
    const execution = this.get(fence.executionId);
    const facts = this.facts(execution.state, fence);
    const after =
      transit(execution.state, ROW_OF[ending.kind], facts) ??
      // A cancel that was asked for beats going back.
      (ending.kind === 'retrying' || ending.kind === 'released' || ending.kind === 'parked'
        ? transit(execution.state, 'cancelRunning', facts)
        : null);
    if (!after) return null;
    const later = ending.kind === 'retrying' && ending.delayMs > 0;
    execution.state = { ...after, due: !later };
    execution.ringDue = ending.kind === 'retrying' && !later;
    return after;
  }

  cancel(id: string): { status: ExecutionState['status']; changed: boolean } {
    const execution = this.get(id);
    const facts = this.facts(execution.state, null);
    const after =
      transit(execution.state, 'cancelQueued', facts) ??
      transit(execution.state, 'cancelWaiting', facts) ??
      transit(execution.state, 'requestCancel', facts);
    if (after) execution.state = after;
    return { status: execution.state.status, changed: after !== null };
  }

  /** Whether it is woken: it waits, and what it waits for has come. */
  arrive(id: string): boolean {
    const execution = this.get(id);
    const state = { ...execution.state, ready: true };
    const after = transit(state, 'wake', this.facts(state, null));
    if (!after) return false;
    execution.state = { ...after, due: true };
    execution.ringDue = false;
    return true;
  }

  late(id: string): void {
    const execution = this.get(id);
    if (isLive(execution.state)) execution.state = { ...execution.state, late: true };
  }

  /** Those that were late and have failed. */
  exceed(): string[] {
    return this.executions.flatMap((execution) => {
      const facts = this.facts(execution.state, null);
      const after =
        transit(execution.state, 'exceedDeadlineQueued', facts) ??
        transit(execution.state, 'exceedDeadlineWaiting', facts) ??
        transit(execution.state, 'exceedDeadlineRunning', facts);
      if (!after) return [];
      execution.state = after;
      return [execution.id];
    });
  }

  /** Those that lay under a lease that has ended, with what became of them. */
  takeBack(): [string, ExecutionState['status']][] {
    return this.executions.flatMap((execution) => {
      const facts = this.facts(execution.state, null);
      const after =
        transit(execution.state, 'loseLease', facts) ??
        transit(execution.state, 'loseLeaseTooOften', facts) ??
        transit(execution.state, 'loseLeaseWhileCancelling', facts);
      if (!after) return [];
      execution.state = { ...after, due: true };
      execution.ringDue = false;
      return [[execution.id, after.status]];
    });
  }

  waiting(): ModelExecution[] {
    return this.executions.filter(({ state }) => state.status === 'queued');
  }

  isGated({ line, id }: ModelExecution): boolean {
    if (line === null) return false;
    const before = this.executions.findIndex((execution) => execution.id === id);
    return this.executions.slice(0, before).some((earlier) => earlier.line === line && isLive(earlier.state));
  }

  under(workerId: string): ModelExecution[] {
    return this.executions.filter(({ state }) => state.owner === workerId);
  }

  private facts({ owner }: ExecutionState, run: Pick<Fence, 'workerId' | 'epoch'> | null): Facts {
    return {
      worker: run?.workerId ?? null,
      epoch: run?.epoch ?? null,
      leased: run !== null && this.leases.has(run.workerId),
      orphaned: owner !== null && !this.leases.has(owner),
      gated: false,
      off: ALL_ON,
    };
  }
}
