import type { WaitingFor } from '../entities/execution.entity';

/** Why a run must stop. */
export type AbortReason =
  /** Somebody asked for the execution to be cancelled. */
  | 'cancel'
  /** The run took longer than it may (`timeout_s`). */
  | 'timeout'
  /** The run should have ended by now (`soft_timeout_s`): what it hands back within the grace still counts. */
  | 'soft_timeout'
  /** Nothing was heard of the run for too long (`idle_timeout_s`). */
  | 'idle_timeout'
  /** The whole execution took longer than it may (`deadline_s`). */
  | 'deadline'
  /** The worker shuts down; the execution goes on elsewhere at no cost to its attempts. */
  | 'drain'
  /** It has nothing to do but wait: it goes on in another run, when what it waits for is there. */
  | 'park'
  /** The worker's lease ended: the execution is somebody else's, and nothing this run writes counts. */
  | 'lease_lost';

/** The reason of `context.signal`, and what a refused write throws. A handler lets it pass. */
export class RunAborted extends Error {
  constructor(readonly reason: AbortReason) {
    super(`the run must stop: ${reason}`);
    this.name = 'RunAborted';
  }
}

/** The run has nothing to do but wait for these. */
export class RunParked extends RunAborted {
  constructor(readonly waitingFor: WaitingFor[]) {
    super('park');
  }
}
