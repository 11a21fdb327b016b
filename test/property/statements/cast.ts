import type { Execution } from '@longhaul/executions';
import type { Fence } from '../../../libs/executions/src/statements/fence';

/** What a process knows of a run that it began. */
export interface KnownRun extends Fence {
  attempt: number;
  maxAttempts: number;
  /** A heartbeat said that it shall be cancelled. */
  told: boolean;
  /** Its process has ended it, or was told that it is not its own. It may be heard again all the same. */
  over: boolean;
}

/** Who takes part, as the processes know it: what they were answered, and not what is so. */
export class Cast {
  /** Ids, in the order in which their acceptance was heard. */
  readonly executions: string[] = [];
  readonly runs: KnownRun[] = [];
  /** The present incarnation of each worker. */
  readonly workers: string[] = [];
  /** Executions of which somebody heard that they had failed. */
  readonly failed: string[] = [];
  markers = 0;

  begins({ id: executionId, runId, epoch, workerId, attempt, maxAttempts }: Execution): void {
    if (workerId === null) return;
    this.runs.push({ executionId, runId, epoch, workerId, attempt, maxAttempts, told: false, over: false });
  }

  /** Whether that worker has a run of the execution in hand. */
  holds(workerId: string, executionId: string): boolean {
    return this.runs.some((run) => run.workerId === workerId && run.executionId === executionId && !run.over);
  }

  /** Of those whose end is known first, so that the newest are those under way. */
  heard(): KnownRun[] {
    return this.runs.toSorted((a, b) => Number(b.over) - Number(a.over));
  }

  heldBy(workerId: string): KnownRun[] {
    return this.runs.filter((run) => run.workerId === workerId && !run.over);
  }
}

/** Counts back from the newest, round and round. */
export function picked<T>(list: readonly T[], pick: number): T | undefined {
  return list.at(-1 - (pick % Math.max(list.length, 1)));
}
