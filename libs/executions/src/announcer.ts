import { Injectable } from '@nestjs/common';
import { HintBus } from '@longhaul/queue';
import { Dispatcher } from './dispatcher';
import type { Execution } from './entities/execution.entity';
import { ExecutionCounters } from './execution-counters';
import { ExecutionHooks } from './hooks/execution-hooks';
import { isTerminal } from './lifecycle/status';
import { Waker } from './waker';

/** Tells what a committed change made of an execution. Never awaited, never an error: all of it may be lost unharmed. */
@Injectable()
export class Announcer {
  constructor(
    private readonly hints: HintBus,
    private readonly dispatcher: Dispatcher,
    private readonly hooks: ExecutionHooks,
    private readonly counters: ExecutionCounters,
    private readonly waker: Waker,
  ) {}

  /** Accepted: rung now, unless it is for later. */
  accepted(execution: Execution, delayMs: number): void {
    this.counters.accepted(execution);
    if (delayMs === 0) this.dispatcher.ring(execution);
    this.hooks.emit('queued', execution);
  }

  started(execution: Execution): void {
    this.hints.publish({ kind: 'events', executionId: execution.id });
    this.counters.started(execution);
    this.hooks.emit('started', execution);
  }

  /** Its run was asked to stop; asked again, only the hint is repeated, which may have been lost. */
  cancelling(execution: Execution, changed: boolean): void {
    this.hints.publish({ kind: 'cancel', executionId: execution.id });
    this.mayHaveChanged(execution.id);
    if (changed) this.hooks.emit('cancelling', execution);
  }

  /** Somebody else's change of it may not have been told: whoever follows it looks for himself. */
  mayHaveChanged(executionId: string): void {
    this.hints.publish({ kind: 'execution', executionId });
  }

  /** It is over without a run. Not `changed`: it was so before, and whoever should have been told may not have been. */
  dropped(execution: Execution, changed = true): void {
    this.dispatcher.forget(execution);
    this.letOthersGo(execution);
    if (changed) this.outcome(execution);
  }

  /** It runs no longer: whoever may run now is rung, whoever follows it is told. */
  stopped(execution: Execution): void {
    this.letOthersGo(execution);
    this.outcome(execution);
  }

  private outcome(execution: Execution): void {
    this.counters.changed(execution);
    this.hooks.emitOutcome(execution);
  }

  private letOthersGo(execution: Execution): void {
    // A retry is rung by the sweep when it is due; what was released or lost its worker is due now.
    if (execution.status === 'queued' && !execution.countsAttempt) this.dispatcher.ring(execution);
    this.dispatcher.ringNext(execution);
    // What it waits for may have come while it was parking; and its own end is what its parent waits for.
    if (execution.status === 'waiting') this.waker.wake(execution.id);
    if (execution.parentId !== null && isTerminal(execution.status)) this.waker.wake(execution.parentId);
    this.mayHaveChanged(execution.id);
  }
}
